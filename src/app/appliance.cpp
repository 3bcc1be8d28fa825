#include "app/appliance.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <numeric>
#include <random>
#include <utility>

#include "config/interface_name.hpp"
#include "os/clock.hpp"

namespace querent::app {

namespace {

using namespace std::chrono_literals;

constexpr Duration kDefaultRoutePause = 1s;
constexpr Duration kMonitorPause = 100ms;
// Interfaces that a glob once matched and that are gone are remembered for their counters.
constexpr std::size_t kMostMissing = 256;

}  // namespace

os::SysResult<Kernel> Kernel::open() {
  // First of all: a signal that comes while the rest is opened is not lost.
  auto signals = os::Signals::open({SIGTERM, SIGINT, SIGHUP});
  if (!signals) return failure(signals.error());
  auto poller = os::Poller::open();
  if (!poller) return failure(poller.error());
  auto timer = os::Timer::open();
  if (!timer) return failure(timer.error());
  auto monitor = net::LinkMonitor::open();
  if (!monitor) return failure(monitor.error());
  return Kernel{std::move(*poller), std::move(*timer), std::move(*signals), std::move(*monitor)};
}

Appliance::Appliance(Kernel kernel, config::Config config, log::Log& log, Inbox inbox)
    : kernel_(std::move(kernel)),
      config_(std::move(config)),
      log_(log),
      inbox_(std::move(inbox)),
      instance_(fmt::format("{:08x}", std::random_device()())),
      started_(os::now()),
      runtime_{kernel_.poller,
               batch_,
               log_,
               wakeups_,
               [this] { run_due(); },
               std::make_shared<observe::GroupNames>(config_.names),
               started_} {
  log_.on_event([this](const log::LogLine& line, WallTime time) {
    events_.add({.time = time,
                 .level = log::name(line.level),
                 .event = line.event,
                 .interface = line.interface,
                 .family = line.family,
                 .text = log::plain_text(line)});
  });
}

Appliance::~Appliance() {
  log_.on_event({});
}

void Appliance::start() {
  runtime_.now = os::now();
  log_.write({.event = "started",
              .text = "started. Who asks makes its switch port a router port, which gets all "
                      "multicast; and once somebody asks, switches filter: receivers that never "
                      "report go silent"});
  const auto asks = [](const config::InterfaceConfig& one) { return one.ipv6.has_value(); };
  const bool ipv6 = std::any_of(config_.interfaces.begin(), config_.interfaces.end(), asks);
  log_.write({.event = "ipv6",
              .text = ipv6 ? "IPv6 too: once somebody asks by MLD, switches filter IPv6 multicast, "
                             "neighbour discovery with it, for as long as somebody asks"
                           : "IPv6 is left alone; --mld-version 2 keeps its multicast alive, too "
                             "(and makes switches filter it)"});
  if (const auto every = manager_.watchdog()) watchdog_due_ = runtime_.now + *every / 2;
  look_for_default_route();
  attach_all();
  tell_missing();
}

os::SysResult<void> Appliance::run(const Reload& reload) {
  auto& poller = kernel_.poller;
  auto& timer = kernel_.timer;
  auto& signals = kernel_.signals;
  for (const auto& watched :
       {poller.watch(signals.fd(), [&] { take_signals(reload); }),
        poller.watch(timer.fd(), [&] { timer.acknowledge(); }),
        poller.watch(inbox_.fd(), [&] { inbox_.answer(runtime_.run_due); })}) {
    if (!watched) return failure(watched.error());
  }
  if (auto watched = watch_monitor(); !watched) return watched;
  manager_.tell("READY=1");
  while (!stopping_) {
    runtime_.now = os::now();
    tend();
    timer.arm(deadline());
    if (auto waited = poller.wait(runtime_.run_due); !waited) return waited;
  }
  inbox_.close();
  manager_.tell("STOPPING=1");
  tell_final();
  return {};
}

// ---- interfaces

const config::InterfaceConfig* Appliance::config_of(const std::string& name) const {
  return config::find_wanted(config_.interfaces, name, default_route_);
}

// Everything that is configured has an attachment, and everything that is there is attached.
void Appliance::attach_all() {
  for (const auto& interface : config_.interfaces) {
    if (config::is_fixed_name(interface.name))
      interfaces_.try_emplace(interface.name, interface.name, interface, runtime_);
  }
  for (const auto& [index, interface] : kernel_.monitor.interfaces())
    take_link_event({net::LinkEvent::Kind::kPresent, interface});
}

// Names and patterns that nothing bears. "auto" tells of itself.
void Appliance::tell_missing() {
  for (const auto& interface : config_.interfaces) {
    // What a pattern matches may be attached by a name of its own.
    const auto is_it = [&](const auto& entry) {
      return entry.second.state() != ConfiguredInterface::State::kMissing &&
             (config_of(entry.first) == &interface ||
              config::stands_for(interface.name, entry.first, default_route_));
    };
    if (interface.name == config::kAutoInterface ||
        std::any_of(interfaces_.begin(), interfaces_.end(), is_it)) {
      continue;
    }
    const bool quoted = interface.name.find_first_of("\"'") != std::string::npos;
    log_.write({.level = config::LogLevel::kWarn,
                .event = "interface_missing",
                .interface = interface.name,
                .text = quoted
                            ? "missing; waits for it; the quotes are taken for a part of its name"
                            : "missing; waits for it"});
  }
}

void Appliance::take_link_events() {
  const auto losses = kernel_.monitor.losses();
  const auto events = kernel_.monitor.read();
  if (!events) {
    log_.write({.level = config::LogLevel::kError,
                .event = "netlink_failed",
                .text = events.error().to_string(),
                .repeats = true});
    kernel_.poller.forget(monitor_watch_);
    monitor_due_ = runtime_.now + kMonitorPause;
    return;
  }
  if (kernel_.monitor.losses() != losses) {
    log_.write({.level = config::LogLevel::kWarn,
                .event = "netlink_overrun",
                .text = "news of interfaces were lost: all are attached anew",
                .repeats = true});
  }
  for (const auto& event : *events) {
    take_link_event(event);
    run_due();
  }
  if (default_route_due_ != kNever) look_for_default_route();
}

void Appliance::take_link_event(const net::LinkEvent& event) {
  runtime_.now = os::now();  // sockets take their time to open
  const auto& interface = event.interface;
  const auto known = names_.find(interface.index);
  const bool gone = event.kind == net::LinkEvent::Kind::kGone;
  if (known != names_.end() && (gone || known->second != interface.name)) detach(interface.index);
  if (gone) return;
  const auto* config = config_of(interface.name);
  if (config == nullptr) return;
  names_.insert_or_assign(interface.index, interface.name);
  interfaces_.try_emplace(interface.name, interface.name, *config, runtime_)
      .first->second.present(interface);
}

void Appliance::detach(int index) {
  const auto known = names_.extract(index);
  interfaces_.at(known.mapped()).gone();
  forget_some_missing();
}

void Appliance::forget_some_missing() {
  const auto forgettable = [this](const auto& entry) {
    const std::string& name = entry.first;
    if (entry.second.state() != ConfiguredInterface::State::kMissing) return false;
    return std::none_of(config_.interfaces.begin(), config_.interfaces.end(),
                        [&](const auto& one) { return one.name == name; });
  };
  const auto missing = std::count_if(interfaces_.begin(), interfaces_.end(), forgettable);
  if (static_cast<std::size_t>(missing) <= kMostMissing) return;
  interfaces_.erase(std::find_if(interfaces_.begin(), interfaces_.end(), forgettable));
}

void Appliance::look_for_default_route() {
  default_route_due_ = kNever;
  const auto wants = [](const config::InterfaceConfig& one) {
    return one.name == config::kAutoInterface;
  };
  if (default_route_ || std::none_of(config_.interfaces.begin(), config_.interfaces.end(), wants)) {
    return;
  }
  const auto found = net::default_route_interface();
  if (!found || found->empty()) {
    default_route_due_ = runtime_.now + kDefaultRoutePause;
    log_.write(
        {.level = config::LogLevel::kWarn,
         .event = "no_default_route",
         .text = found ? "no default route yet: \"auto\" waits for one" : found.error().to_string(),
         .repeats = true});
    return;
  }
  default_route_ = *found;
  log_.write({.event = "default_route", .text = fmt::format("\"auto\" is {}", *found)});
  attach_all();
}

os::SysResult<void> Appliance::watch_monitor() {
  const auto watch = kernel_.poller.watch(kernel_.monitor.fd(), [this] { take_link_events(); });
  if (!watch) return failure(watch.error());
  monitor_watch_ = *watch;
  return {};
}

// After an error nothing is missed that is read later.
void Appliance::resume_monitor() {
  monitor_due_ = runtime_.now + kMonitorPause;
  if (!watch_monitor()) return;
  monitor_due_ = kNever;
  take_link_events();
}

// ---- signals

void Appliance::take_signals(const Reload& reload_config) {
  while (const auto signal = kernel_.signals.take()) {
    if (*signal == SIGHUP) {
      reload(reload_config);
    } else {
      stopping_ = true;
    }
  }
}

// Privileges were given up, and ports opened: that cannot be done in another way now.
void Appliance::warn_of_restart(const config::Config& wanted) {
  if (wanted.user == config_.user && wanted.sandbox == config_.sandbox &&
      wanted.web == config_.web) {
    return;
  }
  log_.write({.level = config::LogLevel::kWarn,
              .event = "needs_restart",
              .text = "another user, sandbox or web.* takes effect at the next start"});
}

void Appliance::reload(const Reload& reload_config) {
  const auto now =
      std::chrono::duration_cast<std::chrono::microseconds>(os::now().time_since_epoch());
  manager_.tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.count()));
  auto config = reload_config();
  runtime_.now = os::now();
  if (!config) {
    ++reloads_failed_;
    for (const auto& error : config.error())
      log_.write({.level = config::LogLevel::kError, .event = "reload_failed", .text = error});
    log_.write({.level = config::LogLevel::kError,
                .event = "reload_failed",
                .text = "the configuration before stays in force"});
  } else {
    ++reloads_done_;
    warn_of_restart(*config);
    config_ = std::move(*config);
    log_.reconfigure(config_.log);
    runtime_.names = std::make_shared<observe::GroupNames>(config_.names);
    std::erase_if(names_, [this](const auto& entry) { return config_of(entry.second) == nullptr; });
    std::erase_if(interfaces_, [this](const auto& entry) {
      if (config_of(entry.first) != nullptr) return false;
      log_.write({.event = "interface_removed",
                  .interface = entry.first,
                  .text = "no longer configured: left alone"});
      return true;
    });
    for (auto& [name, configured] : interfaces_)
      configured.reconfigure(*config_of(name));
    look_for_default_route();
    attach_all();
    tell_missing();
    runtime_.news = true;
    log_.write({.event = "reloaded", .text = "configuration reloaded"});
  }
  manager_.tell("READY=1");
}

// ---- time

Instant Appliance::deadline() const {
  return std::min(
      {wakeups_.next(), watchdog_due_, default_route_due_, monitor_due_, log_.merged_deadline()});
}

void Appliance::run_due() {
  const Instant now = runtime_.now = os::now();
  if (now < wakeups_.next()) return;
  for (Sleeper* const sleeper : wakeups_.due(now))
    sleeper->run_due(now);
}

void Appliance::tend() {
  const Instant now = runtime_.now;
  if (now >= watchdog_due_) {
    manager_.tell("WATCHDOG=1");
    watchdog_due_ = now + *manager_.watchdog() / 2;
  }
  if (now >= log_.merged_deadline()) log_.tell_merged(now);
  if (now >= default_route_due_) look_for_default_route();
  if (now >= monitor_due_) resume_monitor();
  if (std::exchange(runtime_.news, false)) tell_status(now);
}

}  // namespace querent::app
