#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/alarms.hpp"
#include "app/histogram.hpp"
#include "app/log.hpp"
#include "app/narrate.hpp"
#include "core/segment.hpp"
#include "net/frame_batch.hpp"
#include "net/link_monitor.hpp"
#include "net/packet_socket.hpp"
#include "net/poller.hpp"
#include "net/raw_socket.hpp"
#include "observe/group_names.hpp"
#include "wire/drop_reason.hpp"

namespace querent::app {

class Link;

// What all links of a process share.
struct Runtime {
  net::Poller& poller;
  net::FrameBatch& batch;
  Log& log;
  Alarms<Link>& alarms;
  // Does what is due anywhere: called between two frames, so that a flood delays no query.
  std::function<void()> run_due;
  observe::GroupNames names{};  // as configured
  bool news = true;             // something changed that a status line would tell
};

// What happened to a link's packets outside of its segment. Counted from its creation on.
struct LinkCounters {
  std::array<std::uint64_t, wire::kDropReasonCount> malformed{};
  std::map<int, std::uint64_t> send_errors;  // by errno
  std::uint64_t socket_recoveries = 0;
  std::uint64_t frames_dropped = 0;  // by the kernel, for want of room
  Histogram query_lateness{kLatenessBounds};
};

// One family on one interface: a segment and the sockets it lives on. Frames become events,
// actions become frames.
class Link {
 public:
  Link(Subject subject, const core::Settings& settings, Runtime& runtime);
  ~Link();

  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // The interface can send, and this is what it is like now. Also when it could before.
  void carry(const net::Interface& interface);
  // It cannot (any more), or it is another one now.
  void drop();
  void reconfigure(const core::Settings& settings);

  // Does what is due; never harmful. The runtime's alarms say when.
  void run_due();

  const Subject& subject() const { return subject_; }
  const core::Segment& segment() const { return segment_; }
  const LinkCounters& counters() const { return counters_; }
  // Why there are no sockets although the interface can send; empty: there are.
  const std::string& reason() const { return reason_; }

 private:
  // Both sockets, open.
  struct Sockets {
    net::PacketSocket wire;
    net::RawSocket host;
    net::Poller::Watch wire_watch = 0;
    net::Poller::Watch host_watch = 0;
  };

  // A query that the kernel did not take.
  struct Unsent {
    wire::Packet packet;
    Duration pause;  // before it is tried again
    Instant due;
  };

  bool regained_ipv6(const net::Interface& interface) const;
  bool open();
  void close();
  void fail(const net::SysError& error, bool recovers);
  void reopen();

  void receive_wire();
  void receive_host();
  template <class Frames>
  void receive(const net::SysResult<Frames>& frames, core::Origin origin);
  void take(const net::ReceivedFrame& frame, core::Origin origin);

  Instant deadline() const;
  void set_alarm();

  void count_drops();

  // The segment's deadline, if it has come.
  std::optional<Instant> due(Instant now) const;
  void step(const core::Event& event);
  void perform(std::span<const core::Action> actions, std::optional<Instant> due);
  void send(const wire::Packet& packet, Duration pause);
  void forget_unsent(const core::Action& action);
  net::SysResult<void> transmit(const wire::Packet& packet);
  void retry_unsent(Instant now);

  Subject subject_;
  Runtime& runtime_;
  core::Segment segment_;
  std::optional<net::Interface> interface_;  // while it can send
  std::optional<core::Link> carried_;        // as the segment knows it
  std::optional<Sockets> sockets_;
  std::string reason_;
  Duration pause_{0};  // before the next try to open sockets
  Instant reopen_at_ = kNever;
  std::vector<Unsent> unsent_;
  Instant alarm_ = kNever;  // as the runtime's alarms know it
  LinkCounters counters_;
};

}  // namespace querent::app
