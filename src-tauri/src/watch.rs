//! The watch: a session that nobody gives a sign of life for is locked, whatever the page does. It also keeps the
//! window's size: a desktop that ends takes its programs along without a word.

use std::time::Duration;

use authority::{Surroundings, System};
use tauri::{AppHandle, Manager};

use crate::{program::Program, window};

const EVERY: Duration = Duration::from_secs(2);
/// Looks between two at whether a server still knows the session: twenty seconds.
const BETWEEN_QUESTIONS: u32 = 10;
/// Looks between two at whether a checkpoint of the journal is due: a quarter of an hour.
const BETWEEN_CHECKPOINTS: u32 = 450;

/// Looks every two seconds, for as long as the program runs.
pub(crate) fn begin(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for tick in 0u32.. {
            ticks.tick().await;
            look(&app, tick % BETWEEN_QUESTIONS == 0).await;
            if tick % BETWEEN_CHECKPOINTS == 0 {
                app.state::<Program>().keep_daily_checkpoint().await;
            }
        }
    });
}

async fn look(app: &AppHandle, far: bool) {
    app.state::<Program>().keep_size();
    if app.state::<Program>().mail_moved.take() {
        window::mail_moved(app);
    }
    app.state::<Program>().seeds.look(System.now().0);
    if app.state::<Program>().session_is_over(far).await {
        window::renew(app);
    } else if app.state::<Program>().link_moved() {
        window::link_moved(app);
    }
}
