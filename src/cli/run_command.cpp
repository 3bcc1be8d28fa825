#include <array>
#include <cerrno>
#include <fmt/core.h>
#include <malloc.h>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include "app/appliance.hpp"
#include "app/inbox.hpp"
#include "app/status_source.hpp"
#include "app/website.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/settings_flags.hpp"
#include "config/file.hpp"
#include "config/reader.hpp"
#include "log/log.hpp"
#include "os/descriptors.hpp"
#include "os/privileges.hpp"
#include "os/sandbox.hpp"
#include "web/basic_auth.hpp"
#include "web/http_server.hpp"

namespace querent::cli {

namespace {

constexpr const char* kDefaultUser = "nobody";
// Of all machines together.
constexpr std::array kNeeded{os::Capability::kNetRaw};

// `advice` is for where a permission is missing.
int complain_of(const os::SysError& error, std::string_view advice) {
  const bool denied = error.number == EPERM || error.number == EACCES;
  return complain(denied ? kPermission : kFailed, "run", error.to_string(),
                  denied ? std::string(advice) : "");
}

int complain_of(const os::SysError& error) {
  return complain_of(error, os::advice(os::Capability::kNetRaw));
}

// Capabilities belong to threads: this comes before the first thread.
os::SysResult<void> give_up_privileges(const config::Config& config) {
  const std::string user = config.user.value_or(kDefaultUser);
  // Who asks for a user gets it or an error; the default is taken where it can be had.
  if (config.user || os::can_become(user)) {
    if (auto became = os::become_user(user, kNeeded); !became) return became;
  }
  return os::keep(kNeeded);
}

// It will be read again, by who we are now.
void warn_of_unreadable(const config::Config& config) {
  if (!config.file || access(config.file->c_str(), R_OK) == 0) return;
  warn(*config.file,
       fmt::format("the user that querent becomes (uid {}) may not read it: a reload "
                   "will fail",
                   geteuid()),
       fmt::format("chmod o+r {}", *config.file));
}

app::Reload reload(const config::Given& given) {
  return [given]() -> Result<config::Config, std::vector<std::string>> {
    auto read = config::load_config(given);
    if (read) return std::move(read->config);
    std::vector<std::string> lines;
    for (const auto& [what, why, attempt] : read.error())
      lines.push_back(fmt::format("{}: {}{}{}", what, why, attempt.empty() ? "" : "; ", attempt));
    return failure(std::move(lines));
  };
}

// Nothing in it: nobody who looks needs a password.
using Auth = std::optional<web::BasicAuth>;

Result<Auth, std::vector<std::string>> read_auth(const config::Config& config) {
  const auto& file = config.web.basic_auth_file;
  if (!file) return Auth{};
  const auto text = config::read_whole_file(*file);
  if (!text) return failure(std::vector{fmt::format("cannot be read: {}", text.error().why)});
  auto auth = web::BasicAuth::parse(*text);
  if (!auth) return failure(std::move(auth.error()));
  return Auth(std::move(*auth));
}

// Open as long as this lives; nothing was wanted, or what is wrong.
using Web = std::optional<web::HttpServer>;

Result<Web, web::HttpServer::Refusal> open_web(const config::Config& config,
                                               const app::Inbox& inbox, app::Appliance& appliance,
                                               Auth auth) {
  if (config.web.listen.empty()) return Web{};
  auto website =
      std::make_shared<app::Website>(app::status_source(inbox, appliance), std::move(auth));
  auto server = web::HttpServer::open(
      config.web.listen,
      {.answer = [website](const auto& request) { return website->answer(request); },
       .refused = [website](int status) { website->count_refused(status); }});
  if (!server) return failure(server.error());
  return Web(std::move(*server));
}

int complain_of_web(const web::HttpServer::Refusal& refusal) {
  if (refusal.is_denied) {
    return complain(kPermission, "web.listen_address", refusal.why,
                    "ports below 1024 are a reverse proxy's: say another --web.listen-address");
  }
  return complain(kFailed, "web.listen_address", refusal.why,
                  "say another --web.listen-address, or off");
}

// A log line for each socket.
void tell_where(const Web& web, log::Log& log) {
  if (!web) return;
  for (const auto& socket : web->sockets()) {
    log.write(
        {.event = "http", .text = fmt::format("status, metrics and health at http://{}/", socket)});
  }
}

// What is left open is for a process that ends.
struct Served {
  int code = kFailed;
  Web web{};
};

Served serve(const config::Given& given, const config::Config& config, Auth auth) {
  auto log = log::Log::open(config.log);
  if (!log) return {complain_of(log.error())};
  auto kernel = app::Kernel::open();
  if (!kernel) return {complain_of(kernel.error())};
  const auto inbox = app::Inbox::open();
  if (!inbox) return {complain_of(inbox.error())};
  // Found out before anything is sent; its threads can wait until the first queries are.
  if (const auto free = web::HttpServer::check(config.web.listen); !free)
    return {complain_of_web(free.error())};
  app::Appliance appliance(std::move(*kernel), config, *log, *inbox);
  appliance.start();
  auto web = open_web(config, *inbox, appliance, std::move(auth));
  if (!web) return {complain_of_web(web.error())};
  tell_where(*web, *log);
  if (config.sandbox) {
    if (const auto confined = os::confine(os::kRunning); !confined) {
      return {complain(kFailed, "sandbox", confined.error().to_string(), "--no-sandbox"),
              std::move(*web)};
    }
  }
  const auto ran = appliance.run(reload(given));
  return {ran ? kDone : complain_of(ran.error()), std::move(*web)};
}

int run(const config::Given& given) {
  const auto config = configure(given);
  if (!config) return config.error();
  if (const auto& user = config->user; user && !os::is_user(*user)) {
    return complain(kUsage, "user",
                    fmt::format("{} is not a user of this machine", in_quotes(*user)),
                    "name one of /etc/passwd, or a number");
  }
  auto auth = read_auth(*config);
  if (!auth) {
    for (const auto& wrong : auth.error())
      complain(kUsage, *config->web.basic_auth_file, wrong);
    return kUsage;
  }
  if (!os::raise(os::Capability::kNetRaw)) {
    return complain(kPermission, "run", "cannot open raw sockets",
                    std::string(os::advice(os::Capability::kNetRaw)));
  }
  if (const auto gave_up = give_up_privileges(*config); !gave_up)
    return complain_of(gave_up.error(), os::advice(os::Capability::kChangeUser));
  warn_of_unreadable(*config);
  os::allow_many_descriptors();
  // Each of the web server's threads would keep memory of its own.
  ::mallopt(M_ARENA_MAX, 2);
  const auto served = serve(given, *config, std::move(*auth));
  // What still runs at exit (LeakSanitizer's search, a log that nobody reads) is not for a sandbox,
  // and the web server's threads take two seconds to end.
  if (config->sandbox || served.web) _exit(served.code);
  return served.code;
}

std::function<int()> declare(CLI::App& app) {
  auto given = declare_settings(app);
  return [given = std::move(given)] { return run(given()); };
}

}  // namespace

Command run_command() {
  return {
      .name = "run",
      .summary = "the appliance: a querier on every interface that is named",
      .examples =
          "  querent run -i eth0                      # a querier, IGMPv2, every 60 s\n"
          "  querent -i eth0 -i 'eth1.*' -q 30s       # the same word left out; several\n"
          "  querent run -i eth0 --mld-version 2      # IPv6, too\n"
          "  querent run -i auto --igmp-version 3     # where the default route goes\n"
          "  querent run -i eth0 --passive -v         # listens and tells, never sends\n"
          "  querent run -c /etc/querent/querent.toml\n",
      .declare = &declare,
  };
}

}  // namespace querent::cli
