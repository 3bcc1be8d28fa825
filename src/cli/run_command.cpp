#include "cli/run_command.hpp"

#include <cerrno>
#include <fmt/core.h>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include "app/appliance.hpp"
#include "app/config_reader.hpp"
#include "app/log.hpp"
#include "cli/settings_flags.hpp"
#include "net/descriptors.hpp"
#include "net/privileges.hpp"
#include "net/sandbox.hpp"

namespace querent::cli {

namespace {

constexpr const char* kDefaultUser = "nobody";

// `advice` is for where a permission is missing.
int complain_of(const net::SysError& error, std::string_view advice) {
  const bool denied = error.number == EPERM || error.number == EACCES;
  return complain(denied ? kPermission : kFailed, "run", error.to_string(),
                  denied ? std::string(advice) : "");
}

int complain_of(const net::SysError& error) {
  return complain_of(error, net::net_raw_advice());
}

// Capabilities belong to threads: this comes before the first thread.
net::SysResult<void> give_up_privileges(const app::Config& config) {
  const std::string user = config.user.value_or(kDefaultUser);
  // Who asks for a user gets it or an error; the default is taken where it can be had.
  if (config.user || net::can_become(user)) {
    if (auto became = net::become_user(user); !became) return became;
  }
  return net::keep_net_raw_alone();
}

// It will be read again, by who we are now.
void warn_of_unreadable(const app::Config& config) {
  if (!config.file || access(config.file->c_str(), R_OK) == 0) return;
  warn(*config.file,
       fmt::format("the user that querent becomes (uid {}) may not read it: a reload "
                   "will fail",
                   geteuid()),
       fmt::format("chmod o+r {}", *config.file));
}

app::Reload reload(const app::Given& given) {
  return [given]() -> Result<app::Config, std::vector<std::string>> {
    auto read = app::load_config(given);
    if (read) return std::move(read->config);
    std::vector<std::string> lines;
    for (const auto& [what, why, attempt] : read.error())
      lines.push_back(fmt::format("{}: {}{}{}", what, why, attempt.empty() ? "" : "; ", attempt));
    return failure(std::move(lines));
  };
}

int serve(const app::Given& given, const app::Config& config) {
  auto log = app::Log::open(config.log);
  if (!log) return complain_of(log.error());
  auto kernel = app::Kernel::open();
  if (!kernel) return complain_of(kernel.error());
  app::Appliance appliance(std::move(*kernel), config, *log);
  appliance.start();
  if (config.sandbox) {
    if (const auto confined = net::allow_running_alone(); !confined) {
      return complain(kFailed, "sandbox", confined.error().to_string(), "--no-sandbox");
    }
  }
  const auto ran = appliance.run(reload(given));
  return ran ? kDone : complain_of(ran.error());
}

int run(const app::Given& given) {
  const auto config = configure(given);
  if (!config) return config.error();
  if (!net::raise_net_raw()) {
    return complain(kPermission, "run", "cannot open raw sockets",
                    std::string(net::net_raw_advice()));
  }
  if (const auto gave_up = give_up_privileges(*config); !gave_up)
    return complain_of(gave_up.error(), net::change_user_advice());
  warn_of_unreadable(*config);
  net::allow_many_descriptors();
  const int code = serve(given, *config);
  // What still runs at exit (LeakSanitizer's search, a log that nobody reads) is not for a sandbox.
  if (config->sandbox) _exit(code);
  return code;
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
          "  querent run -i auto --igmp-version 3     # where the default route goes\n"
          "  querent run -i eth0 --passive -v         # listens and tells, never sends\n"
          "  querent run -c /etc/querent/querent.toml\n",
      .declare = &declare,
  };
}

}  // namespace querent::cli
