//! Limitation: the generated `send` makes a request, sends it and reads the response in one function. A client with its
//! own transport needs the request alone. So each builder gets a function `request`, which `send` calls. `request`
//! takes the checked values, so that such a client needs no builder and no copies. The URL is made from a parsed base,
//! because parsing a URL takes longer than any other step. The generator's header `api-version`, the version of the
//! spec, is not sent, because no spec asks for it.

use quote::{ToTokens, format_ident};
use syn::punctuated::Punctuated;
use syn::{Expr, FnArg, Ident, ImplItem, ImplItemFn, Item, Local, Stmt, Token, Type, parse_quote};

use super::builders::module;
use super::{Unexpected, arguments};

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

/// The checked values of a builder, with their types: a field `Result<types::builder::Tank, String>` becomes a
/// `types::Tank`.
fn parameters(builder: &syn::ItemStruct) -> Option<Vec<(Ident, Type)>> {
    // The reference is the client.
    let fields = builder.fields.iter().filter(|field| !matches!(field.ty, Type::Reference(_)));
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

/// Moves the statements that make the request out of `send`. The generator's variables begin with underscores if a
/// parameter has their name.
fn request(send: &mut ImplItemFn, values: &[(Ident, Type)]) -> Option<ImplItemFn> {
    let rest = send.block.stmts.split_off(last(&send.block.stmts, "request")? + 1);
    let (request_name, mut request) = variable(send.block.stmts.pop()?)?;
    let place = last(&send.block.stmts, "url")?;
    let mut headers = send.block.stmts.split_off(place).into_iter();
    let (url_name, mut url) = variable(headers.next()?)?;
    let base = format_ident!("{}", if values.iter().any(|(name, _)| name == "base") { "_base" } else { "base" });
    let client = replace_base(&mut url, &base)?;

    let names = values.iter().map(|(name, _)| name);
    send.block.stmts.extend([
        parse_quote!(
            let #base: ::reqwest::Url =
                #client.baseurl.parse().map_err(|_| Error::InvalidRequest("the base URL is not valid".to_string()))?;
        ),
        parse_quote!(let mut #request_name = Self::request(#client, &#base, #(&#names),*)?;),
    ]);
    send.block.stmts.extend(rest);

    let mut lines: Vec<Stmt> =
        vec![parse_quote!(let mut #url_name = #base.clone();), parse_quote!(#url_name.set_path(&#url);)];
    // The headers are added to the request, because a map of their own would have to be copied into it.
    remove_headers(&mut request)?;
    for expected in ["header_map", "api_version ()"] {
        headers.next().filter(|line| line.to_token_stream().to_string().contains(expected))?;
    }
    if headers.len() == 0 {
        lines.push(parse_quote!(let #request_name = #request;));
    } else {
        lines.push(parse_quote!(let mut #request_name = #request;));
        lines.push(parse_quote!(let header_map = #request_name.headers_mut();));
        lines.extend(headers);
    }

    let mut function = send.clone();
    function.attrs = vec![parse_quote!(#[doc = "Makes the request that `send` would send to this base URL."])];
    function.sig.ident = format_ident!("request");
    function.sig.asyncness = None;
    let parameters = values.iter().map(|(name, kind)| -> FnArg { parse_quote!(#name: &#kind) });
    let client: FnArg = parse_quote!(#client: &super::Client);
    let base: FnArg = parse_quote!(#base: &::reqwest::Url);
    function.sig.inputs = [client, base].into_iter().chain(parameters).collect();
    let syn::ReturnType::Type(_, output) = &send.sig.output else { return None };
    let error = arguments(output)?.pop()?;
    function.sig.output = parse_quote!(-> Result<::reqwest::Request, #error>);
    function.block = parse_quote!({ #(#lines)* Ok(#request_name) });
    Some(function)
}

/// The place of the last statement that declares this variable.
fn last(statements: &[Stmt], name: &str) -> Option<usize> {
    let is = |ident: &Ident| ident.to_string().trim_start_matches('_') == name;
    let declares = |local: &Local| matches!(&local.pat, syn::Pat::Ident(pat) if is(&pat.ident));
    statements.iter().rposition(|statement| matches!(statement, Stmt::Local(local) if declares(local)))
}

fn variable(statement: Stmt) -> Option<(Ident, Expr)> {
    match statement {
        Stmt::Local(Local { pat: syn::Pat::Ident(pat), init: Some(init), .. }) => Some((pat.ident, *init.expr)),
        _ => None,
    }
}

/// Replaces the base URL in `format!("{}/tanks/{}", client.baseurl, …)` with its path. Returns the variable `client`.
fn replace_base(url: &mut Expr, with: &Ident) -> Option<Expr> {
    let Expr::Macro(call) = url else { return None };
    let mut arguments = call.mac.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated).ok()?;
    let base = arguments.iter_mut().nth(1)?;
    let with = parse_quote!(#with.path().trim_end_matches('/'));
    let Expr::Field(field) = std::mem::replace(base, with) else { return None };
    call.mac.tokens = arguments.into_token_stream();
    matches!(&field.member, syn::Member::Named(name) if name == "baseurl").then_some(*field.base)
}

/// Removes `.headers(header_map)` from `….headers(header_map).build()?`.
fn remove_headers(request: &mut Expr) -> Option<()> {
    let Expr::Try(tried) = request else { return None };
    let Expr::MethodCall(build) = &mut *tried.expr else { return None };
    let Expr::MethodCall(headers) = &*build.receiver else { return None };
    let receiver = headers.receiver.clone();
    (headers.method == "headers").then(|| build.receiver = receiver)
}
