//! Limitation: the generated `send` makes a request, sends it and reads the response in one function. A client with its
//! own transport needs the request alone. So each builder gets a function `request`, which `send` calls. It takes the
//! checked values, so that such a client needs no builder and no copies. The URL is made from a parsed base, because
//! parsing a URL takes longer than any other step. The generator's header `api-version`, the version of the spec, is
//! not sent, because no spec asks for it.

use quote::{ToTokens, format_ident};
use syn::punctuated::Punctuated;
use syn::{Expr, FnArg, Ident, ImplItem, ImplItemFn, Item, Local, Stmt, Token, Type, parse_quote};

use super::Unexpected;
use super::builders::module;

pub(super) fn split(code: &mut syn::File) -> Result<(), Unexpected> {
    let builders = module(&mut code.items, "builder").ok_or(Unexpected("the module `builder`"))?;
    let mut values = None;
    for item in builders {
        match item {
            Item::Struct(builder) => values = parameters(builder),
            Item::Impl(block) => {
                let Some(place) =
                    block.items.iter().position(|item| matches!(item, ImplItem::Fn(item) if is_send(item)))
                else {
                    continue;
                };
                let ImplItem::Fn(send) = &mut block.items[place] else { continue };
                let values = values.take().ok_or(Unexpected("the fields of a builder"))?;
                let request = request(send, &values).ok_or(Unexpected("the start of `send`"))?;
                block.items.insert(place, ImplItem::Fn(request));
            }
            _ => {}
        }
    }
    Ok(())
}

fn is_send(function: &ImplItemFn) -> bool {
    function.sig.ident == "send" && function.sig.asyncness.is_some()
}

/// The checked values of a builder: its field `Result<types::builder::Tank, String>` is a `types::Tank`.
fn parameters(builder: &syn::ItemStruct) -> Option<Vec<(Ident, Type)>> {
    let fields = builder.fields.iter().filter(|field| field.ident.as_ref().is_some_and(|name| name != "client"));
    let parameters = fields.map(|field| {
        let mut kind = arguments(&field.ty)?.into_iter().next()?;
        if let Type::Path(path) = &mut kind {
            let segments = std::mem::take(&mut path.path.segments);
            path.path.segments = segments.into_iter().filter(|segment| segment.ident != "builder").collect();
        }
        Some((field.ident.clone()?, kind))
    });
    parameters.collect()
}

/// Moves the statements that make the request out of `send`.
fn request(send: &mut ImplItemFn, values: &[(Ident, Type)]) -> Option<ImplItemFn> {
    let end = send.block.stmts.iter().position(|statement| declares(statement, "request"))?;
    let rest = send.block.stmts.split_off(end + 1);
    let place = send.block.stmts.iter().position(|statement| declares(statement, "url"))?;
    let mut start = send.block.stmts.split_off(place);
    let names = values.iter().map(|(name, _)| name);
    send.block.stmts.extend([
        parse_quote!(
            let base: ::reqwest::Url =
                client.baseurl.parse().map_err(|_| Error::InvalidRequest("the base URL is not valid".to_string()))?;
        ),
        parse_quote!(let mut request = Self::request(client, &base, #(&#names),*)?;),
    ]);
    send.block.stmts.extend(rest);

    let mut request = expression(start.pop()?)?;
    let mut url = expression(start.remove(0))?;
    replace_base(&mut url)?;

    // The headers are added to the request, because a map of their own would have to be copied into it.
    remove_headers(&mut request)?;
    let mentions = |statement: &Stmt, text: &str| statement.to_token_stream().to_string().contains(text);
    let (headers, start): (Vec<_>, Vec<_>) = start.into_iter().partition(|line| mentions(line, "header_map"));
    let headers: Vec<_> = headers.into_iter().skip(1).filter(|line| !mentions(line, "api_version ()")).collect();
    let mut lines: Vec<Stmt> = vec![parse_quote!(let mut url = base.clone();), parse_quote!(url.set_path(&#url);)];
    lines.extend(start);
    if headers.is_empty() {
        lines.push(parse_quote!(let request = #request;));
    } else {
        lines.push(parse_quote!(let mut request = #request;));
        lines.push(parse_quote!(let header_map = request.headers_mut();));
        lines.extend(headers);
    }

    let mut function = send.clone();
    function.attrs = vec![parse_quote!(#[doc = "Makes the request that `send` would send to this base URL."])];
    function.sig.ident = format_ident!("request");
    function.sig.asyncness = None;
    let parameters = values.iter().map(|(name, kind)| -> FnArg { parse_quote!(#name: &#kind) });
    let client: FnArg = parse_quote!(client: &super::Client);
    let base: FnArg = parse_quote!(base: &::reqwest::Url);
    function.sig.inputs = [client, base].into_iter().chain(parameters).collect();
    let syn::ReturnType::Type(_, output) = &send.sig.output else { return None };
    let error = arguments(output)?.pop()?;
    function.sig.output = parse_quote!(-> Result<::reqwest::Request, #error>);
    function.block = parse_quote!({ #(#lines)* Ok(request) });
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

/// The types in `Result<_, _>`.
fn arguments(kind: &Type) -> Option<Vec<Type>> {
    let Type::Path(path) = kind else { return None };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    let kinds = arguments.args.iter().filter_map(|argument| match argument {
        syn::GenericArgument::Type(kind) => Some(kind.clone()),
        _ => None,
    });
    Some(kinds.collect())
}
