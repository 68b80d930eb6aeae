//! Accepts connections.

use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::connection::{self, App};

/// Serves connections. When the future is dropped, they end.
pub(crate) async fn serve(listener: TcpListener, plain: Router, for_pages: Router) {
    let app = App { plain, for_pages };
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                while connections.try_join_next().is_some() {}
                // Sends responses at once: they are small, so waiting for more data would only delay them.
                let _ = stream.set_nodelay(true);
                connections.spawn(connection::serve(stream, peer, app.clone()));
            }
            // Probably the process has no free file descriptor, so this retries soon.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}
