//! The server's certificate and key.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::ParsedCertificate,
};

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file that cannot be read, or holds nothing of the kind.
    #[error("{0}: no certificate or key could be read ({1})")]
    File(PathBuf, String),
    /// A key that others may read.
    #[error("{0}: others than its owner may read this key; run chmod 600 on it")]
    Open(PathBuf),
    /// A key that does not belong to the certificate, or one that nobody can use.
    #[error("certificate and key do not go together: {0}")]
    Pair(rustls::Error),
    /// The file cannot be looked at.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The public key that this certificate is for, as its SubjectPublicKeyInfo in DER.
///
/// # Errors
/// [`TlsError`].
pub(crate) fn public_key(certificate: &Path) -> Result<Vec<u8>, TlsError> {
    let unreadable = |why: String| TlsError::File(certificate.to_owned(), why);
    let own = CertificateDer::from_pem_file(certificate).map_err(|why| unreadable(why.to_string()))?;
    let parsed = ParsedCertificate::try_from(&own).map_err(|why| unreadable(why.to_string()))?;
    Ok(parsed.subject_public_key_info().to_vec())
}

/// TLS 1.2 and 1.3, HTTP/1.1, with the chain and the key in these PEM files.
///
/// # Errors
/// [`TlsError`].
pub(crate) fn configured(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let unreadable = |path: &Path, why: rustls::pki_types::pem::Error| TlsError::File(path.to_owned(), why.to_string());
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(|certificates| certificates.collect())
        .map_err(|why| unreadable(certificate, why))?;
    if chain.is_empty() {
        return Err(TlsError::File(certificate.to_owned(), "it holds no certificate".into()));
    }
    if !crate::keys::is_private(&std::fs::metadata(key)?) {
        return Err(TlsError::Open(key.to_owned()));
    }
    let key = PrivateKeyDer::from_pem_file(key).map_err(|why| unreadable(key, why))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Pair)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(TlsError::Pair)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
