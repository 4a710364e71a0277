//! Numbers for Prometheus (text format 0.0.4): how many requests came to what, how long they took, and what waits. Routes are a closed
//! set, so nothing that somebody typed becomes a label.

use std::{
    collections::HashMap,
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use crate::health::Pool;

/// The upper ends of the intervals that durations are counted in, in microseconds, and as they are written in seconds.
const BUCKETS: [(u64, &str); 10] = [
    (1_000, "0.001"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (1_000_000, "1"),
    (5_000_000, "5"),
    (30_000_000, "30"),
];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// Whatever has no route of its own.
const OTHER: &str = "other";

/// What this process counted since it began.
pub(crate) struct Metrics {
    places: HashMap<String, usize>,
    routes: Vec<Route>,
    connections: AtomicU64,
    turned_away: AtomicU64,
}

struct Route {
    path: String,
    classes: [AtomicU64; CLASSES.len()],
    buckets: [AtomicU64; BUCKETS.len()],
    micros: AtomicU64,
}

/// What is asked of others when the numbers are read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) pool: Pool,
    /// None where the database does not answer.
    pub(crate) unnumbered: Option<u64>,
    /// Notices that are neither sent nor handed over.
    pub(crate) outbox: Option<u64>,
}

impl Metrics {
    /// Counts for these paths.
    pub(crate) fn new(paths: impl IntoIterator<Item = String>) -> Self {
        let routes: Vec<Route> = paths.into_iter().chain([OTHER.to_owned()]).map(Route::new).collect();
        let places = routes.iter().enumerate().map(|(place, route)| (route.path.clone(), place)).collect();
        Self { places, routes, connections: AtomicU64::new(0), turned_away: AtomicU64::new(0) }
    }

    /// Counts a request of this path that was answered so.
    pub(crate) fn answered(&self, path: &str, status: u16, took: Duration) {
        let place = self.places.get(path).copied().unwrap_or(self.routes.len() - 1);
        let route = &self.routes[place];
        let class = usize::from((status / 100).clamp(1, 5) - 1);
        route.classes[class].fetch_add(1, Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        route.micros.fetch_add(micros, Relaxed);
        if let Some(bucket) = BUCKETS.iter().position(|(end, _)| micros <= *end) {
            route.buckets[bucket].fetch_add(1, Relaxed);
        }
    }

    /// Counts a connection as long as what it gives lives.
    pub(crate) fn connected(&self) -> Connected<'_> {
        self.connections.fetch_add(1, Relaxed);
        Connected(&self.connections)
    }

    /// Counts a connection that was closed at once, because its source has too many.
    pub(crate) fn turned_away(&self) {
        self.turned_away.fetch_add(1, Relaxed);
    }

    /// All of it. Routes that nobody asked for are left out.
    pub(crate) fn text(&self, asked: &Asked) -> String {
        let mut text = String::with_capacity(16 * 1024);
        // Writing to a string cannot fail.
        let _ = self.write(&mut text, asked);
        text
    }

    fn write(&self, to: &mut String, asked: &Asked) -> std::fmt::Result {
        writeln!(to, "# HELP sallyport_requests_total Requests answered, by route and class of status.")?;
        writeln!(to, "# TYPE sallyport_requests_total counter")?;
        for route in &self.routes {
            for (class, count) in CLASSES.iter().zip(&route.classes).map(|(class, count)| (class, count.load(Relaxed))) {
                if count > 0 {
                    writeln!(to, "sallyport_requests_total{{route=\"{}\",status=\"{class}\"}} {count}", route.path)?;
                }
            }
        }
        writeln!(to, "# HELP sallyport_request_seconds How long requests took.")?;
        writeln!(to, "# TYPE sallyport_request_seconds histogram")?;
        for route in &self.routes {
            route.write(to)?;
        }
        let gauges = [
            ("sallyport_connections", "Connections of clients.", Some(self.connections.load(Relaxed))),
            ("sallyport_database_connections", "Connections to the database.", Some(asked.pool.open.into())),
            ("sallyport_database_connections_idle", "Connections to the database that nobody uses.", Some(asked.pool.idle.into())),
            ("sallyport_journal_unnumbered", "Entries of the journal that wait for their number.", asked.unnumbered),
            ("sallyport_outbox", "Notices that are neither sent nor handed over.", asked.outbox),
        ];
        for (name, help, value) in gauges {
            if let Some(value) = value {
                writeln!(to, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}")?;
            }
        }
        let name = "sallyport_connections_turned_away_total";
        let count = self.turned_away.load(Relaxed);
        writeln!(to, "# HELP {name} Connections closed because their source had too many.\n# TYPE {name} counter\n{name} {count}")
    }
}

impl Route {
    fn new(path: String) -> Self {
        Self { path, classes: Default::default(), buckets: Default::default(), micros: AtomicU64::new(0) }
    }

    fn write(&self, to: &mut String) -> std::fmt::Result {
        let count: u64 = self.classes.iter().map(|count| count.load(Relaxed)).sum();
        if count == 0 {
            return Ok(());
        }
        let mut below = 0;
        for ((_, end), bucket) in BUCKETS.iter().zip(&self.buckets) {
            below += bucket.load(Relaxed);
            writeln!(to, "sallyport_request_seconds_bucket{{route=\"{}\",le=\"{end}\"}} {below}", self.path)?;
        }
        let (seconds, micros) = (self.micros.load(Relaxed) / 1_000_000, self.micros.load(Relaxed) % 1_000_000);
        writeln!(to, "sallyport_request_seconds_bucket{{route=\"{}\",le=\"+Inf\"}} {count}", self.path)?;
        writeln!(to, "sallyport_request_seconds_sum{{route=\"{}\"}} {seconds}.{micros:06}", self.path)?;
        writeln!(to, "sallyport_request_seconds_count{{route=\"{}\"}} {count}", self.path)
    }
}

/// A connection that is counted.
pub(crate) struct Connected<'a>(&'a AtomicU64);

impl Drop for Connected<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route_and_nothing_that_was_typed_is_a_label() {
        let metrics = Metrics::new(["/v1/sign-in".to_owned()]);
        metrics.answered("/v1/sign-in", 200, Duration::from_millis(3));
        metrics.answered("/v1/sign-in", 422, Duration::from_secs(2));
        metrics.answered("/v1/olive@example.org", 404, Duration::ZERO);
        let text = metrics.text(&Asked { outbox: Some(4), ..Asked::default() });
        for line in [
            "sallyport_requests_total{route=\"/v1/sign-in\",status=\"2xx\"} 1",
            "sallyport_requests_total{route=\"/v1/sign-in\",status=\"4xx\"} 1",
            "sallyport_requests_total{route=\"other\",status=\"4xx\"} 1",
            "sallyport_request_seconds_bucket{route=\"/v1/sign-in\",le=\"0.005\"} 1",
            "sallyport_request_seconds_bucket{route=\"/v1/sign-in\",le=\"5\"} 2",
            "sallyport_request_seconds_sum{route=\"/v1/sign-in\"} 2.003000",
            "sallyport_outbox 4",
        ] {
            assert!(text.lines().any(|each| each == line), "{line} is missing in {text}");
        }
        assert!(!text.contains("olive"), "{text}");
        assert!(!text.contains("unnumbered"), "what is not known is not said");
    }

    #[test]
    fn a_connection_counts_as_long_as_it_lasts() {
        let metrics = Metrics::new([]);
        let one = metrics.connected();
        assert!(metrics.text(&Asked::default()).contains("sallyport_connections 1\n"));
        drop(one);
        assert!(metrics.text(&Asked::default()).contains("sallyport_connections 0\n"));
    }
}
