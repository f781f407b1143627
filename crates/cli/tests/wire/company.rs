//! A company's own certificate authority between us and the host.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{ServerConfig, crypto::ring};
use vision_testkit::media;
use vision_testkit::server::Settings;

use crate::doors::KEY;
use crate::shell::{Host, Shell};

/// Speaks TLS as `localhost` and hands everything on to `inner`; the authority that vouches for it is returned as PEM.
async fn terminator(inner: String) -> (u16, String) {
    let mut authority = CertificateParams::new([]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, inner) = (acceptor.clone(), inner.clone());
            tokio::spawn(async move {
                // A client that does not trust us goes away.
                let Ok(mut outside) = acceptor.accept(stream).await else { return };
                let mut inside = TcpStream::connect(inner).await.unwrap();
                tokio::io::copy_bidirectional(&mut outside, &mut inside).await.ok();
            });
        }
    });
    (port, authority.pem())
}

#[test]
fn a_companys_certificate_is_trusted_only_where_it_is_given() {
    let host = Host::start(Settings::default());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (port, authority) = runtime.block_on(terminator(host.name()));
    let mut shell = Shell::new();
    shell.set("OPENAI_API_KEY", KEY).set("OPENAI_BASE_URL", format!("https://localhost:{port}/v1"));
    shell
        .put(&media::png("a.png", 9, 9, 1))
        .write("company.pem", authority)
        .write("none.pem", "no certificate");
    let ask = |words: &[&str]| {
        shell.run(&[&["ask", "openai/gpt-5.6-luna", "a.png", "What is it?"], words].concat())
    };

    ask(&[]).expect(96).says("the certificate of localhost").says("--ca-certificate");
    assert_eq!(host.journal().requests, 0, "nothing is sent to a host that is not trusted");
    ask(&["--ca-certificate", "company.pem"]).expect(0);
    assert_eq!(host.journal().requests, 1);
    ask(&["--ca-certificate", "none.pem"]).expect(96).says("none.pem is no certificate in PEM");
    ask(&["--ca-certificate", "gone.pem"]).expect(96).says("gone.pem cannot be read");
}
