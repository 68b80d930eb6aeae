//! Accepts connections, up to a limit.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, Id, JoinSet};

use super::connection::{self, App};
use super::slot::Slot;

/// The most connections at a time. A waiting connection has at most about 32 KiB of buffers.
const MOST: usize = 512;

/// Serves connections until it is dropped.
pub(crate) async fn serve(listener: TcpListener, plain: Router, for_pages: Router) {
    let app = App { plain, for_pages, order: Arc::new(AtomicU64::new(1)) };
    let mut connections = Connections::default();
    loop {
        let has_room = connections.make_room();
        tokio::select! {
            accepted = listener.accept(), if has_room => match accepted {
                Ok((stream, peer)) => connections.add(stream, peer, &app),
                // Probably no file descriptor is free; retry soon.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(ended) = connections.tasks.join_next_with_id() => {
                let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
                connections.slots.remove(&id);
            }
        }
    }
}

/// The open connections. They are tasks of this set, and end when it is dropped.
#[derive(Default)]
struct Connections {
    tasks: JoinSet<()>,
    slots: HashMap<Id, (Arc<Slot>, AbortHandle)>,
}

impl Connections {
    fn add(&mut self, stream: TcpStream, peer: SocketAddr, app: &App) {
        // Responses are small, so waiting for more data would only delay them.
        let _ = stream.set_nodelay(true);
        let slot = Arc::new(Slot::new(app.order.fetch_add(1, Ordering::Relaxed)));
        let task = self.tasks.spawn(connection::serve(stream, peer, app.clone(), slot.clone()));
        self.slots.insert(task.id(), (slot, task));
    }

    /// If there are too many connections, ends the one that has waited longest for a request. Returns false if no
    /// connection is waiting.
    fn make_room(&mut self) -> bool {
        while self.slots.len() >= MOST {
            let waiting = self.slots.iter().filter_map(|(id, (slot, _))| Some((slot.waits_since()?, *id)));
            let Some((since, id)) = waiting.min_by_key(|(since, _)| *since) else { return false };
            if let Some((slot, task)) = self.slots.get(&id)
                && slot.take(since)
            {
                task.abort();
                self.slots.remove(&id);
            }
        }
        true
    }
}
