//! Addresses as SMTP speaks them.

use lettre::Address;

/// The address with its domain in ASCII (RFC 5891), or nothing where it is none. What stands before the `@` is left as it
/// is: only the server that it belongs to knows what it means.
pub(crate) fn read(address: &str) -> Option<Address> {
    let (local, domain) = address.rsplit_once('@')?;
    let domain = if domain.starts_with('[') { domain.to_owned() } else { idna::domain_to_ascii(domain).ok()? };
    if address.chars().any(|symbol| symbol.is_control() || symbol.is_whitespace()) {
        return None;
    }
    Address::new(local, domain).ok()
}

/// Whether it takes SMTPUTF8 (RFC 6531) to say it.
pub(crate) fn needs_utf8(address: &Address) -> bool {
    !address.user().is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_spoken_in_ascii_and_the_rest_as_it_is() {
        for (typed, spoken) in [
            ("ada@example.org", "ada@example.org"),
            ("ada@Bücher.example", "ada@xn--bcher-kva.example"),
            ("ada+mail@exämple.org", "ada+mail@xn--exmple-cua.org"),
            ("ada@[192.0.2.7]", "ada@[192.0.2.7]"),
        ] {
            let read = read(typed).unwrap_or_else(|| panic!("{typed} is an address"));
            assert_eq!(read.to_string(), spoken);
            assert!(!needs_utf8(&read), "{typed}");
        }
        let zoe = read("zoë@example.org").expect("an address");
        assert!(needs_utf8(&zoe) && zoe.user() == "zoë");
    }

    #[test]
    fn what_would_end_a_command_or_begin_another_is_no_address() {
        for typed in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@example.org>\r\nRCPT TO:<eve@example.org",
            "ada\r\n@example.org",
            "ada@example.org\n",
            "ada bob@example.org",
            "ada@exa mple.org",
            "<ada@example.org>",
        ] {
            assert!(read(typed).is_none(), "{typed:?}");
        }
    }
}
