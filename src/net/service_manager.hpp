#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace querent::net {

// What systemd, or whatever else set NOTIFY_SOCKET, is told: sd_notify(3). Silent without one.
class ServiceManager {
 public:
  // Reads the environment (NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID) once.
  ServiceManager();

  // Lines as in sd_notify(3): "READY=1\nSTATUS=..." ; never blocks, and failure has no answer.
  void tell(std::string_view lines) const;

  // How often WATCHDOG=1 must be told at least; nothing when nobody watches.
  std::optional<Duration> watchdog() const { return watchdog_; }

 private:
  std::string address_;
  std::optional<Duration> watchdog_;
};

}  // namespace querent::net
