//! Accepts connections, up to a maximum number.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::connection::{self, App};
use crate::shared::lock;

/// The maximum number of connections at a time. Each has at most about 32 KiB of buffers while it waits for a request.
const MOST: usize = 512;

/// Serves connections. When the future is dropped, they end.
pub(crate) async fn serve(listener: TcpListener, plain: Router, for_pages: Router) {
    let app = App { plain, for_pages, waiting: Arc::default() };
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    while connections.try_join_next().is_some() {}
                    while connections.len() >= MOST {
                        lock(&app.waiting).end_oldest();
                        // If no connection was waiting for a request, this waits until one ends.
                        connections.join_next().await;
                    }
                    // Sends responses at once: they are small, so waiting for more data would only delay them.
                    let _ = stream.set_nodelay(true);
                    let start = |number| connections.spawn(connection::serve(stream, peer, app.clone(), number));
                    lock(&app.waiting).add(start);
                }
                // Probably the process has no free file descriptor, so this retries soon.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}
