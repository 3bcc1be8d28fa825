#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/configured_interface.hpp"
#include "app/inbox.hpp"
#include "app/segment_runner.hpp"
#include "base/wall_time.hpp"
#include "config/config.hpp"
#include "log/log.hpp"
#include "net/frame_batch.hpp"
#include "net/link_monitor.hpp"
#include "observe/event_log.hpp"
#include "observe/status.hpp"
#include "os/poller.hpp"
#include "os/service_manager.hpp"
#include "os/signals.hpp"
#include "os/timer.hpp"

namespace querent::app {

// What an appliance asks of the kernel, opened.
struct Kernel {
  os::Poller poller;
  os::Timer timer;
  os::Signals signals;  // SIGTERM, SIGINT, SIGHUP
  net::LinkMonitor monitor;

  static os::SysResult<Kernel> open();
};

// Reads the configuration anew; or what is wrong with it, one line each.
using Reload = std::function<Result<config::Config, std::vector<std::string>>()>;

// The process that `querent run` is: links, timers and signals around one loop.
class Appliance {
 public:
  Appliance(Kernel kernel, config::Config config, log::Log& log, Inbox inbox);
  ~Appliance();

  Appliance(const Appliance&) = delete;
  Appliance& operator=(const Appliance&) = delete;

  // Links whose interfaces are there ask their first query before this returns.
  void start();
  // Until SIGTERM or SIGINT.
  os::SysResult<void> run(const Reload& reload);

  // For those who ask. With groups: the oldest of each segment, as many as metrics list.
  enum class With { kNoGroups, kGroups };
  observe::Status status(With with) const;
  observe::GroupPage groups(const observe::GroupQuestion& question) const;
  observe::EventPage events(const observe::EventQuestion& question) const;
  void tell_refused(const std::string& name, const std::string& peer);

 private:
  void attach_all();
  void take_link_events();
  void take_link_event(const net::LinkEvent& event);
  void detach(int index);
  void forget_some_missing();
  const config::InterfaceConfig* config_of(const std::string& name) const;
  void tell_missing();
  void look_for_default_route();
  os::SysResult<void> watch_monitor();
  void resume_monitor();

  void take_signals(const Reload& reload);
  void reload(const Reload& reload);
  void warn_of_restart(const config::Config& wanted);

  // What is due on any link; also called between two frames.
  void run_due();
  // What is due beside the links, at the loop's every turn.
  void tend();
  Instant deadline() const;
  void tell_status(Instant now);
  void tell_final();

  Kernel kernel_;
  config::Config config_;
  log::Log& log_;
  Inbox inbox_;
  observe::EventLog events_;
  std::string instance_;
  Instant started_;
  WallTime started_time_ = std::chrono::system_clock::now();
  std::uint64_t reloads_done_ = 0;
  std::uint64_t reloads_failed_ = 0;
  net::FrameBatch batch_;
  Wakeups wakeups_;
  os::ServiceManager manager_;
  Runtime runtime_;
  std::map<std::string, ConfiguredInterface> interfaces_;
  std::map<int, std::string> names_;          // of the interfaces that are attached, by index
  std::optional<std::string> default_route_;  // what "auto" stands for, once it is known
  os::Poller::Watch monitor_watch_ = 0;
  Instant watchdog_due_ = kNever;
  Instant default_route_due_ = kNever;
  Instant monitor_due_ = kNever;
  bool stopping_ = false;
};

}  // namespace querent::app
