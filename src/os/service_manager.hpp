#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "os/fd.hpp"
#include "querent/time.hpp"

namespace querent::os {

// What systemd, or whatever else set NOTIFY_SOCKET, is told: sd_notify(3). Silent without one.
class ServiceManager {
 public:
  // Reads the environment (NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID) once.
  ServiceManager();

  // Lines as in sd_notify(3): "READY=1\nSTATUS=..." ; never blocks, and failure has no answer.
  void tell(std::string_view lines) const;

  // After this long without WATCHDOG=1 the process is killed: tell it twice as often. Nothing when
  // nobody watches this process.
  std::optional<Duration> watchdog() const { return watchdog_; }

 private:
  Fd socket_;
  std::string address_;  // a path, or @name for an abstract one; empty: nobody listens
  std::optional<Duration> watchdog_;
};

}  // namespace querent::os
