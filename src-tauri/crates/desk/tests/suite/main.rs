//! A desktop's replica: what it says is what its person may see, whatever happens on the way, and nothing else is in it.

mod ahead;
mod court;
mod evidence;
mod issuing;
mod measure;
mod opening;
mod posting;
mod reading;
mod remains;
mod schedule;
mod world;

use std::sync::{Arc, Mutex, PoisonError};

use schedule::{schedule, seeds};
use world::Vaults;

#[test]
fn replicas_say_what_the_server_says_whatever_happened_on_the_way() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (vaults, root) = (Arc::new(Vaults::new().await), Arc::new(tempfile::tempdir().expect("a folder")));
        let waiting = Arc::new(Mutex::new(seeds(200)));
        let mut workers = Vec::new();
        for _ in 0..3 {
            let (vaults, root, waiting) = (vaults.clone(), root.clone(), waiting.clone());
            workers.push(tokio::spawn(async move {
                loop {
                    let Some(seed) = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop() else { return Ok(()) };
                    let (vaults, root) = (vaults.clone(), root.clone());
                    let one = tokio::spawn(async move {
                        let server = vaults.copy(&root.path().join(format!("{seed}-server"))).await;
                        schedule(seed, server.clone(), &vaults, root.path()).await;
                        server.close().await;
                        for part in ["server", "0", "1", "2"] {
                            std::fs::remove_dir_all(root.path().join(format!("{seed}-{part}"))).expect("removed");
                        }
                    });
                    if one.await.is_err() {
                        return Err(seed);
                    }
                }
            }));
        }
        for worker in workers {
            if let Err(seed) = worker.await.expect("a worker") {
                panic!("SALLYPORT_SEED={seed} plays it again");
            }
        }
    });
}
