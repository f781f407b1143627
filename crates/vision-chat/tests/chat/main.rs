mod errors;
mod replies;
mod requests;
mod support;
