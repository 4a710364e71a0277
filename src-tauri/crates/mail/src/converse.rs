//! One message, from the greeting to the server's yes.

use std::{
    iter,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use lettre::{
    address::Address,
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::AsyncSmtpConnection,
        commands::{Data, Mail, Rcpt},
        extension::{Extension, MailBodyParameter, MailParameter},
        response::{Response, Severity},
    },
};
use secrecy::ExposeSecret;
use tokio::time::timeout;
use wire::{
    delivery::{MailServer, Outcome},
    mail::MailFailure,
};

use crate::{
    address::needs_utf8,
    compose::Composed,
    connect::own_name,
    link::Link,
    reply::{No, Phase, outcome},
    send::{Patience, failed},
};

/// How long the parting word may take: nothing depends on it.
const PARTING: Duration = Duration::from_secs(2);

/// Says it all. `ended` is set right before the line that ends the message leaves; from then on nobody but the server knows
/// whether it has it.
pub(crate) async fn converse(
    link: Link,
    server: &MailServer,
    message: &Composed,
    patience: &Patience,
    ended: &AtomicBool,
) -> Result<(), Outcome> {
    let name = own_name();
    let opening = AsyncSmtpConnection::connect_with_transport(Box::new(link), &name);
    let mut connection = within(patience.command, Phase::Greeting, false, opening).await?;
    let told = tell(&mut connection, server, message, patience, ended).await;
    if !connection.has_broken() {
        // What was told stands, however long the server takes to say goodbye.
        tokio::spawn(async move { timeout(PARTING, connection.quit()).await.is_ok() });
    }
    told
}

async fn tell(
    connection: &mut AsyncSmtpConnection,
    server: &MailServer,
    message: &Composed,
    patience: &Patience,
    ended: &AtomicBool,
) -> Result<(), Outcome> {
    let signed_in = sign_in(connection, server, patience).await?;

    let said = within(patience.command, Phase::Sender, signed_in, connection.command(sender(connection, message)?)).await?;
    done(Phase::Sender, &said)?;
    let said = within(patience.command, Phase::Recipient, signed_in, connection.command(Rcpt::new(message.to.clone(), vec![]))).await?;
    done(Phase::Recipient, &said)?;
    let said = within(patience.command, Phase::Message, signed_in, connection.command(Data)).await?;
    if !said.has_code(354) {
        return Err(failed(MailFailure::BrokeOff));
    }
    // The last part is empty; asking for it says that all before it has left, and that the end of the message is next.
    let all = iter::once(message.bytes.expose_secret()).chain(iter::once_with(|| {
        ended.store(true, Ordering::SeqCst);
        &[][..]
    }));
    let said = within(patience.end, Phase::Message, signed_in, connection.message_iter(all)).await;
    match said {
        Ok(said) => done(Phase::Message, &said),
        // It said no: that is certain.
        Err(certain @ Outcome::Failed { failure, .. }) if failure != MailFailure::BrokeOff => Err(certain),
        Err(_) if ended.load(Ordering::SeqCst) => Err(Outcome::Uncertain),
        Err(before) => Err(before),
    }
}

/// Signs in where somebody is set to. `true` when that was done.
async fn sign_in(connection: &mut AsyncSmtpConnection, server: &MailServer, patience: &Patience) -> Result<bool, Outcome> {
    let (Some(user), Some(password)) = (&server.user, &server.password) else { return Ok(false) };
    let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
    let said = within(patience.command, Phase::SignIn, false, async {
        connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await
    });
    if said.await?.has_code(235) { Ok(true) } else { Err(failed(MailFailure::RefusedPassword)) }
}

fn sender(connection: &AsyncSmtpConnection, message: &Composed) -> Result<Mail, Outcome> {
    let offers = |extension| connection.server_info().supports_feature(extension);
    let takes_utf8 = offers(Extension::SmtpUtfEight) && offers(Extension::EightBitMime);
    let mut parameters = Vec::new();
    for (address, failure) in [(&message.from, MailFailure::RefusedSender), (&message.to, MailFailure::RefusedAddress)] {
        if needs_utf8(address) && !takes_utf8 {
            return Err(Outcome::Failed { failure, for_good: true });
        }
    }
    if needs_utf8(&message.from) || needs_utf8(&message.to) {
        parameters.extend([MailParameter::Body(MailBodyParameter::EightBitMime), MailParameter::SmtpUtfEight]);
    }
    Ok(Mail::new(Some(Address::clone(&message.from)), parameters))
}

/// A yes that is no "go on".
fn done(phase: Phase, said: &Response) -> Result<(), Outcome> {
    let complete = said.code().severity == Severity::PositiveCompletion;
    // Out of turn: whatever the server means by it, the message is not taken.
    if complete { Ok(()) } else { Err(outcome(phase, No::new(451, ""), true)) }
}

/// Waits for one reply, at most so long.
async fn within<T>(bound: Duration, phase: Phase, signed_in: bool, reply: impl Future<Output = Result<T, Error>>) -> Result<T, Outcome> {
    let Ok(reply) = timeout(bound, reply).await else { return Err(failed(MailFailure::BrokeOff)) };
    reply.map_err(|error| {
        let Some(code) = error.status() else {
            // The server offers no way to sign in that we know, or asks something else than name and password.
            let unknown = phase == Phase::SignIn && error.is_client();
            return failed(if unknown { MailFailure::RefusedPassword } else { MailFailure::BrokeOff });
        };
        let text = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        outcome(phase, No::new(code.into(), &text), signed_in)
    })
}
