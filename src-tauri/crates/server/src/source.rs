//! Where a request comes from: what failures are counted by.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::{HeaderMap, HeaderName};

use crate::network::Network;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Who is at the other end of the connection: a person's computer, or a proxy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// The address that a request comes from. Forwarded addresses are believed of configured proxies alone, from the right: whatever
/// stands left of the first address that is no proxy was written by whoever asks.
pub(crate) fn address(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let trusted = |address: IpAddr| proxies.iter().any(|network| network.contains(address));
    let mut nearest = peer.to_canonical();
    if !trusted(nearest) {
        return nearest;
    }
    let lines: Vec<&str> = headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok()).collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Ok(hop) = hop.trim().parse::<IpAddr>() else { return nearest };
        nearest = hop.to_canonical();
        if !trusted(nearest) {
            return nearest;
        }
    }
    nearest
}

/// The source as it is counted: an address of IPv4, or the network of one of IPv6, of which a single customer has 2⁶⁴.
pub(crate) fn named(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{}/64", Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn from(peer: &str, forwarded: &[&str]) -> String {
        let proxies = ["10.0.0.0/8", "2001:db8:1::/48"].map(|text| text.parse().expect("a network"));
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(line).expect("a line"));
        }
        named(address(peer.parse().expect("an address"), &headers, &proxies))
    }

    #[test]
    fn a_stranger_cannot_choose_their_source() {
        assert_eq!(from("203.0.113.9", &["192.0.2.1"]), "203.0.113.9");
        assert_eq!(from("203.0.113.9", &["10.0.0.1"]), "203.0.113.9");
    }

    #[test]
    fn a_proxy_is_believed_as_far_as_it_saw() {
        assert_eq!(from("10.0.0.1", &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(from("10.0.0.1", &["198.51.100.7, 192.0.2.1"]), "192.0.2.1", "what stands left of it was written by the asker");
        assert_eq!(from("10.0.0.1", &["198.51.100.7", "192.0.2.1, 10.0.0.2"]), "192.0.2.1", "through two proxies");
        assert_eq!(from("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(from("10.0.0.1", &["not an address"]), "10.0.0.1");
        assert_eq!(from("10.0.0.1", &["198.51.100.7, rubbish"]), "10.0.0.1");
        assert_eq!(from("::ffff:10.0.0.1", &["192.0.2.1"]), "192.0.2.1");
    }

    #[test]
    fn whoever_has_a_network_of_ipv6_is_one_source() {
        assert_eq!(from("2001:db8:2:3:4:5:6:7", &[]), "2001:db8:2:3::/64");
        assert_eq!(from("2001:db8:2:3::1", &[]), "2001:db8:2:3::/64");
        assert_ne!(from("2001:db8:2:4::1", &[]), "2001:db8:2:3::/64");
    }
}
