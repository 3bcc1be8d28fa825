#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "os/fd.hpp"
#include "querent_lan.hpp"

// Those who ask a querent over HTTP: from inside its namespace, where all of 127.0.0.0/8 is.

namespace querent::test {

// Where to ask, and as whom.
struct WebPlace {
  Address server = Address::v4(127, 0, 0, 1);
  std::uint16_t port = 9224;
  Address client = Address::v4(127, 0, 0, 1);
  int receive_buffer = 0;  // octets; 0: as the kernel likes
};

struct WebAnswer {
  int status = 0;    // 0: there was none
  std::string head;  // the status line and the headers
  std::string body;
  Duration took{0};  // from the connection's beginning to the answer's end

  // The header's value, by its name in any case; nothing: it is not there.
  std::optional<std::string> header(std::string_view name) const;
  // As many octets as the head says, however the connection ended.
  bool is_whole() const;
  nlohmann::json json() const;  // fails the test when it is none
  std::string said() const;     // status and body, for people
};

struct WebRequest {
  std::string path;
  std::string method = "GET";
  std::vector<std::string> headers{};  // "Name: value"
  std::string version = "HTTP/1.1";

  std::string text() const;
};

// As start_querent; it also listens there when this returns.
lab::Process start_served(const lab::Namespace& where,
                          const std::vector<std::string>& arguments = {},
                          const WebPlace& place = {});

// For a thread that is inside already. Empty: it was refused. What is read or written there takes
// at most some seconds.
os::Fd connect_web(const WebPlace& place = {});
// Whether all of it was taken.
bool write_all(const os::Fd& socket, std::string_view text);
// What comes until the other side ends.
std::string read_all(const os::Fd& socket);
WebAnswer ask_web(const WebRequest& request, const WebPlace& place = {});
WebAnswer tell_web(std::string_view octets, const WebPlace& place = {});

// For a thread that is not.
WebAnswer ask_web(const lab::Namespace& where, const WebRequest& request,
                  const WebPlace& place = {});
WebAnswer get(const lab::Namespace& where, const std::string& path);

// The value of a line of /metrics, by all that is before it. Nothing: there is no such line.
std::optional<double> metric(std::string_view metrics, const std::string& series);
// Of querent_query_lateness_seconds: how many queries there were, and how many later than that.
struct Lateness {
  double queries = 0;
  double above_10_ms = 0;
  double above_100_ms = 0;
};
Lateness lateness(const std::string& metrics, const std::string& interface = "eth0",
                  Family family = Family::kIPv4);
void print_lateness(const std::string& metrics);

// Asks again until the answer has that status; the last one.
WebAnswer await_status(const lab::Namespace& where, const std::string& path, int status,
                       Duration patience = kPatience);

// One thread of a process stands still while this lives; the others go on. SIGSTOP would stop all.
class HeldThread {
 public:
  explicit HeldThread(pid_t thread);
  ~HeldThread();
  HeldThread(const HeldThread&) = delete;
  HeldThread& operator=(const HeldThread&) = delete;

 private:
  pid_t thread_;
};

std::size_t threads_of(const lab::Process& process);

}  // namespace querent::test
