//! Which server is believed to be the one: it has the key that was pinned when the desktop was paired, or the roots of the system vouch
//! for its name. Never both.

use std::{
    error::Error as StdError,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use domain::device::Fingerprint;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use rustls_platform_verifier::Verifier;
use sha2::{Digest, Sha256};
use webpki::EndEntityCert;

/// What a server is known by.
#[derive(Clone, Debug)]
pub enum Trust {
    /// The SHA-256 of its public key (SubjectPublicKeyInfo, in DER). Names and dates of its certificate say nothing then: whoever has
    /// the key may renew it as they like.
    Key([u8; 32]),
    /// What a pairing code says of that key.
    Begins(Fingerprint),
    /// Whoever this system vouches for, and those authorities (in DER) beside it.
    Roots(Vec<Vec<u8>>),
}

/// The server has another key than it should have.
#[derive(Debug)]
pub(crate) struct OtherKey;

impl fmt::Display for OtherKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server has another key than the one it is known by")
    }
}

impl StdError for OtherKey {}

/// The SHA-256 of the public key in a certificate, both in DER.
pub(crate) fn key_of(certificate: &CertificateDer<'_>) -> Result<[u8; 32], Error> {
    let read = EndEntityCert::try_from(certificate).map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))?;
    Ok(Sha256::digest(read.subject_public_key_info()).into())
}

/// The key that a connection was made to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen(Arc<Mutex<Option<[u8; 32]>>>);

impl Seen {
    pub(crate) fn key(&self) -> Option<[u8; 32]> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Trust {
    /// TLS to a server that is believed so, and what its key was once somebody was there.
    pub(crate) fn config(&self) -> Result<(ClientConfig, Seen), Error> {
        let provider = Arc::new(ring::default_provider());
        let seen = Seen::default();
        let wanted = match self {
            Self::Key(key) => Some(Wanted::Whole(*key)),
            Self::Begins(fingerprint) => Some(Wanted::Begins(*fingerprint)),
            Self::Roots(_) => None,
        };
        let verifier: Arc<dyn ServerCertVerifier> = match (wanted, self) {
            (None, Self::Roots(also)) if also.is_empty() => Arc::new(Verifier::new(Arc::clone(&provider))?),
            (None, Self::Roots(also)) => {
                let also = also.iter().map(|authority| CertificateDer::from(authority.clone()));
                Arc::new(Verifier::new_with_extra_roots(also, Arc::clone(&provider))?)
            }
            (Some(wanted), _) => Arc::new(Pinned { wanted, seen: seen.clone(), provider: Arc::clone(&provider) }),
            (None, _) => return Err(Error::General("nothing to believe".into())),
        };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            // Not dangerous: it is the system's own, or asks for one key.
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        Ok((config, seen))
    }
}

#[derive(Clone, Copy, Debug)]
enum Wanted {
    Whole([u8; 32]),
    Begins(Fingerprint),
}

/// Lets a handshake go on with one key alone. That the server has its other half, the signature of the handshake shows.
#[derive(Debug)]
struct Pinned {
    wanted: Wanted,
    seen: Seen,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let key = key_of(end_entity)?;
        let right = match &self.wanted {
            Wanted::Whole(wanted) => key == *wanted,
            Wanted::Begins(fingerprint) => fingerprint.is_of(&key),
        };
        if !right {
            return Err(Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(OtherKey)))));
        }
        *self.seen.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(key);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
