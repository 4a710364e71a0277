//! Where a server is, as somebody types it.

use std::{fmt, net::IpAddr};

use reqwest::Url;
use wire::{Refusal, RefusalCode};

/// Longer than any name of a host with its port.
const LONGEST: usize = 300;

/// The address of a server: a host, perhaps a port, and nothing behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads an address: `server.example.org`, with a port or without, with `https://` before it or without.
    ///
    /// # Errors
    /// [`RefusalCode::AddressInvalid`]; [`RefusalCode::AddressPlain`] for plain HTTP to anywhere but this computer.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST || text.contains(char::is_whitespace) {
            return Err(RefusalCode::AddressInvalid.into());
        }
        let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let url = Url::parse(&whole).map_err(|_| RefusalCode::AddressInvalid)?;
        let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
        if !bare || url.path() != "/" || !url.has_host() || url.port() == Some(0) {
            return Err(RefusalCode::AddressInvalid.into());
        }
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_loopback(&url) => Ok(Self(url)),
            "http" => Err(RefusalCode::AddressPlain.into()),
            _ => Err(RefusalCode::AddressInvalid.into()),
        }
    }

    /// Whether what is said is protected. Where it is not, it never leaves this computer.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Where a path of the server is.
    pub(crate) fn at(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(path);
        url
    }
}

/// By its number alone: a name may be made to lead anywhere.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// As short as it can be said: the host, and the port where it is not the usual one.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_encrypted() {
            f.write_str("http://")?;
        }
        f.write_str(self.0.host_str().unwrap_or_default())?;
        self.0.port().map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_people_write_it_and_said_shortly() {
        for (typed, said) in [
            ("sallyport.example.org", "sallyport.example.org"),
            (" Sallyport.Example.org ", "sallyport.example.org"),
            ("https://sallyport.example.org/", "sallyport.example.org"),
            ("sallyport.example.org:443", "sallyport.example.org"),
            ("sallyport.example.org:8443", "sallyport.example.org:8443"),
            ("https://192.0.2.7:8443", "192.0.2.7:8443"),
            ("[2001:db8::7]:8443", "[2001:db8::7]:8443"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            let address = Address::read(typed).unwrap_or_else(|refusal| panic!("{typed}: {refusal}"));
            assert_eq!(address.to_string(), said, "{typed}");
            assert_eq!(Address::read(&address.to_string()).expect("itself"), address, "{typed}");
        }
    }

    #[test]
    fn nothing_is_said_in_the_clear_to_another_computer() {
        for plain in ["http://sallyport.example.org", "http://192.0.2.7:8080", "http://localhost:8080", "http://[2001:db8::7]"] {
            assert_eq!(Address::read(plain).expect_err(plain).code, RefusalCode::AddressPlain, "{plain}");
        }
    }

    #[test]
    fn what_is_no_address_is_told_as_that() {
        let long = "a".repeat(301);
        for wrong in [
            "",
            "  ",
            "two words",
            "https://",
            "https://user@example.org",
            "https://user:secret@example.org",
            "example.org/path",
            "example.org?query",
            "example.org#part",
            "example.org:0",
            "example.org:99999",
            "ftp://example.org",
            "file:///etc/passwd",
            &long,
        ] {
            assert_eq!(Address::read(wrong).expect_err(wrong).code, RefusalCode::AddressInvalid, "{wrong}");
        }
    }
}
