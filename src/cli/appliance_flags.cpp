#include "cli/appliance_flags.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>
#include <memory>
#include <utility>

#include "base/text.hpp"
#include "cli/flag.hpp"
#include "config/listen_address.hpp"
#include "config/reader.hpp"
#include "querent/address.hpp"

namespace querent::cli {

namespace {

constexpr std::string_view kUsualUrl = "http://127.0.0.1:9224";
constexpr const char* kUrl = "QUERENT_URL";
constexpr const char* kUser = "QUERENT_USER";
constexpr const char* kListen = "QUERENT_WEB_LISTEN_ADDRESS";

struct Flags {
  std::string url;
  std::string user;
  int misconfigured = kUsage;

  int code_for(std::string_view where) const {
    return where.starts_with("--") ? kUsage : misconfigured;
  }
};

// A value, and what to call it in a complaint.
struct Said {
  std::string value;
  std::string where;
};

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Said said(const std::string& value, const char* flag, const char* name) {
  if (!value.empty()) return {value, flag};
  return {variable(name), name};
}

// What `run` without flags would listen on.
std::string configured_listen() {
  if (std::string said = variable(kListen); !said.empty()) return said;
  const auto read = config::load_config({.environment = config::process_environment()});
  if (!read) return {};
  const auto& listen = read->config.web.listen;
  return listen.empty() ? "off" : config::to_text(listen.front());
}

Result<client::HttpUrl, int> url_of(const Flags& flags) {
  Said url = said(flags.url, "--url", kUrl);
  if (url.value.empty()) {
    const std::string listen = configured_listen();
    auto usual = default_url(listen);
    if (!usual) {
      return failure(complain(flags.misconfigured, "web.listen_address",
                              fmt::format("{}: {}", in_quotes(listen), usual.error()),
                              "say --url"));
    }
    url = {std::move(*usual), "web.listen_address"};
  }
  auto parsed = client::parse_http_url(url.value);
  if (parsed) return std::move(*parsed);
  return failure(complain(flags.code_for(url.where), url.where,
                          fmt::format("{}: {}", in_quotes(url.value), parsed.error())));
}

// RFC 7617 section 2. The password is not repeated.
bool is_user(const std::string& text) {
  const auto colon = text.find(':');
  return colon != std::string::npos && colon > 0 && on_one_line(text) == text;
}

Result<client::Querent, int> appliance_of(const Flags& flags) {
  auto url = url_of(flags);
  if (!url) return failure(url.error());
  Said user = said(flags.user, "--user", kUser);
  if (!user.value.empty() && !is_user(user.value)) {
    return failure(complain(flags.code_for(user.where), user.where, "it must be NAME:PASSWORD"));
  }
  return client::Querent(std::move(*url), std::move(user.value));
}

}  // namespace

std::function<Result<client::Querent, int>()> declare_appliance_flags(CLI::App& app,
                                                                      int misconfigured) {
  const auto flags = std::make_shared<Flags>();
  flags->misconfigured = misconfigured;
  add_option(app, "--url", flags->url,
             fmt::format("where querent answers ({}; {})", kUrl, kUsualUrl))
      .type_name("URL")
      .group("Appliance");
  add_option(app, "--user", flags->user,
             fmt::format("where it asks for one ({}, which others cannot read)", kUser))
      .type_name("NAME:PASSWORD")
      .group("Appliance");
  return [flags] { return appliance_of(*flags); };
}

Result<std::string, std::string> default_url(std::string_view listen_addresses) {
  const auto first = trimmed(listen_addresses.substr(0, listen_addresses.find(',')));
  if (first.empty()) return std::string(kUsualUrl);
  if (first == "off") return failure(std::string("HTTP is off, so nothing can be asked"));
  auto listen = config::parse_listen_address(first);
  if (!listen) return failure(std::string("it is not off, :PORT, IPV4:PORT or [IPV6]:PORT"));
  if (listen->host.empty() || listen->host == "0.0.0.0") listen->host = "127.0.0.1";
  if (listen->host == "::") listen->host = "::1";
  return "http://" + config::to_text(*listen);
}

int complain_of(const std::string& command, const client::NoAnswer& none) {
  return complain(kFailed, command, none.why, none.attempt);
}

}  // namespace querent::cli
