//! The seam over HTTP: a use case is a path, its request a body of JSON, its session a bearer token.

use std::sync::Arc;

use authority::Store;
use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use wire::{RefusalCode, Workspace, outbox::can_wait, seam::UseCaseName, sign_in::WhoAmI};

use crate::{
    answer,
    app::App,
    body,
    local_only::why_local,
    problem::{Failed, Fault},
    source::{self, Peer},
    words,
};

/// What is asked before there is a session.
pub(crate) const OPEN: [UseCaseName; 7] = [
    UseCaseName::SignIn,
    UseCaseName::AcceptInvitation,
    UseCaseName::RedeemPasswordCode,
    UseCaseName::AskPasswordCode,
    UseCaseName::ReadForgotten,
    UseCaseName::ReportNotMe,
    UseCaseName::PairDevice,
];

/// Carries out a use case.
pub(crate) async fn call<S: Store>(app: Arc<App<S>>, name: UseCaseName, request: Request) -> Response {
    let language = words::language(request.headers());
    match carried_out(&app, name, request).await {
        Ok(response) => response,
        Err(failed) => failed.told(language).into_response(),
    }
}

async fn carried_out<S: Store>(app: &App<S>, name: UseCaseName, request: Request) -> Result<Response, Failed> {
    if why_local(name).is_some() {
        return Err(RefusalCode::NotOnServer.into());
    }
    let (parts, given) = request.into_parts();
    if !body::is_json(&parts.headers) {
        return Err(Fault::MediaType.into());
    }
    let session = answer::session(&parts.headers)?;
    let peer = parts.extensions.get::<Peer>().ok_or(RefusalCode::Unexpected)?;
    let device = answer::device(&parts.headers)?;
    if session.is_none() && device.is_none() && !OPEN.contains(&name) {
        // Whoever is nobody is not told what else is wrong with what they ask.
        return Err(RefusalCode::SessionEnded.into());
    }
    let mut authority = app.authority.at(&source::named(source::address(peer.0.ip(), &parts.headers, &app.proxies)));
    if body::takes_list(name) {
        // Megabytes are read from those alone who are somebody.
        let said = device.map(|device| authority.said_to_come_through(device)).transpose()?;
        said.as_ref().unwrap_or(&authority).call(session.as_ref(), WhoAmI {}.into()).await?;
    }
    let read = body::read(&parts.headers, given, body::limit(name)).await?;
    if let Some(device) = device {
        authority = authority.through(device, parts.uri.path(), &read, session.as_ref()).await?;
    }
    if let Some(key) = answer::operation(&parts.headers)? {
        if !can_wait(name) {
            return Err(Fault::IdempotencyKey.into());
        }
        authority = authority.once(key, parts.uri.path(), &read).ok_or(Fault::IdempotencyKey)?;
    }
    let request = body::request(name, &read)?;
    drop(read);
    let outcome = authority.call(session.as_ref(), request).await?;
    Ok(answer::answered(&outcome))
}
