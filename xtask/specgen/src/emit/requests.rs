//! Limitation: the generated `send` makes a request, sends it and reads the response in one function. A client with its
//! own transport needs the request alone. So each builder gets a method `request`, which `send` calls. The URL is made
//! from a parsed base, because parsing a URL takes longer than any other step. The generator's header `api-version`,
//! the version of the spec, is not sent, because no spec asks for it.

use quote::{ToTokens, format_ident};
use syn::punctuated::Punctuated;
use syn::{Expr, FnArg, ImplItem, ImplItemFn, Item, Local, Stmt, Token, parse_quote};

use super::Unexpected;
use super::builders::module;

pub(super) fn split(code: &mut syn::File) -> Result<(), Unexpected> {
    let builders = module(&mut code.items, "builder").ok_or(Unexpected("the module `builder`"))?;
    for item in builders {
        let Item::Impl(block) = item else { continue };
        let Some(place) = block.items.iter().position(|item| matches!(item, ImplItem::Fn(item) if is_send(item)))
        else {
            continue;
        };
        let ImplItem::Fn(send) = &mut block.items[place] else { continue };
        let request = request(send).ok_or(Unexpected("the start of `send`"))?;
        block.items.insert(place, ImplItem::Fn(request));
    }
    Ok(())
}

fn is_send(function: &ImplItemFn) -> bool {
    function.sig.ident == "send" && function.sig.asyncness.is_some()
}

/// Moves the statements that make the request out of `send`.
fn request(send: &mut ImplItemFn) -> Option<ImplItemFn> {
    let end = send.block.stmts.iter().position(|statement| declares(statement, "request"))?;
    let rest = send.block.stmts.split_off(end + 1);
    let base = parse_quote!(
        let base: ::reqwest::Url =
            client.baseurl.parse().map_err(|_| Error::InvalidRequest("the base URL is not valid".to_string()))?;
    );
    let call = [parse_quote!(let client = self.client;), base, parse_quote!(let mut request = self.request(&base)?;)];
    let mut start = std::mem::replace(&mut send.block.stmts, call.into());
    send.block.stmts.extend(rest);

    let mut request = expression(start.pop()?)?;
    let place = start.iter().position(|statement| declares(statement, "url"))?;
    let mut url = expression(start.remove(place))?;
    replace_base(&mut url)?;
    let lines = [parse_quote!(let mut url = base.clone();), parse_quote!(url.set_path(&#url);)];
    start.splice(place..place, lines);

    // The headers are added to the request, because a map of their own would have to be copied into it.
    remove_headers(&mut request)?;
    let mentions = |statement: &Stmt, text: &str| statement.to_token_stream().to_string().contains(text);
    let (headers, mut start): (Vec<_>, Vec<_>) = start.into_iter().partition(|line| mentions(line, "header_map"));
    let headers: Vec<_> = headers.into_iter().skip(1).filter(|line| !mentions(line, "api_version ()")).collect();
    if headers.is_empty() {
        start.push(parse_quote!(let request = #request;));
    } else {
        start.push(parse_quote!(let mut request = #request;));
        start.push(parse_quote!(let header_map = request.headers_mut();));
        start.extend(headers);
    }

    let mut function = send.clone();
    function.attrs = vec![parse_quote!(#[doc = "Makes the request that `send` would send to this base URL."])];
    function.sig.ident = format_ident!("request");
    function.sig.asyncness = None;
    let base: FnArg = parse_quote!(base: &::reqwest::Url);
    function.sig.inputs.push(base);
    let error = error(&function.sig.output)?;
    function.sig.output = parse_quote!(-> Result<::reqwest::Request, #error>);
    function.block = parse_quote!({ #(#start)* Ok(request) });
    Some(function)
}

fn declares(statement: &Stmt, name: &str) -> bool {
    matches!(statement, Stmt::Local(Local { pat: syn::Pat::Ident(pat), .. }) if pat.ident == name)
}

fn expression(statement: Stmt) -> Option<Expr> {
    match statement {
        Stmt::Local(local) => Some(*local.init?.expr),
        _ => None,
    }
}

/// Replaces the base URL in `format!("{}/tanks/{}", client.baseurl, …)` with its path.
fn replace_base(url: &mut Expr) -> Option<()> {
    let Expr::Macro(call) = url else { return None };
    let mut arguments = call.mac.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated).ok()?;
    let base = arguments.iter_mut().nth(1).filter(|base| base.to_token_stream().to_string() == "client . baseurl")?;
    *base = parse_quote!(base.path().trim_end_matches('/'));
    call.mac.tokens = arguments.into_token_stream();
    Some(())
}

/// Removes `.headers(header_map)` from `….headers(header_map).build()?`.
fn remove_headers(request: &mut Expr) -> Option<()> {
    let Expr::Try(tried) = request else { return None };
    let Expr::MethodCall(build) = &mut *tried.expr else { return None };
    let Expr::MethodCall(headers) = &*build.receiver else { return None };
    let receiver = headers.receiver.clone();
    (headers.method == "headers").then(|| build.receiver = receiver)
}

/// The error of `Result<_, Error>`.
fn error(output: &syn::ReturnType) -> Option<syn::Type> {
    let syn::ReturnType::Type(_, kind) = output else { return None };
    let syn::Type::Path(path) = &**kind else { return None };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    match arguments.args.last()? {
        syn::GenericArgument::Type(kind) => Some(kind.clone()),
        _ => None,
    }
}
