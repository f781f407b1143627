//! The page and what it asks for, on this machine only.

mod answer;
mod guard;
mod labeling;
mod media;
mod reviewing;
mod routes;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::room::Room;
use crate::token;
use crate::{Result, StudioError};

/// A server that listens, and has answered nothing yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    room: Room,
    token: Arc<str>,
}

impl Server {
    /// Listens on this machine; at any free port for 0.
    ///
    /// # Errors
    /// If the port is taken.
    pub async fn bind(room: Room, port: u16) -> Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| StudioError::invalid(format!("cannot listen at {address}: {error}")))?;
        Ok(Self { listener, room, token: token::random().into() })
    }

    /// The page's address, with the token behind `#`, where browsers keep it to themselves.
    #[must_use]
    pub fn address(&self) -> String {
        let port = self.listener.local_addr().map(|address| address.port()).unwrap_or_default();
        format!("http://127.0.0.1:{port}/#{}", self.token)
    }

    /// Answers until the process ends.
    ///
    /// # Errors
    /// If the system does not let it listen any longer.
    pub async fn serve(self) -> Result<()> {
        let router = routes::router(self.room, self.token);
        axum::serve(self.listener, router)
            .await
            .map_err(|error| StudioError::invalid(format!("cannot listen any longer: {error}")))
    }
}
