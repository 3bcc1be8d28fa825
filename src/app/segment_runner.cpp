#include "app/segment_runner.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <random>
#include <utility>
#include <variant>

#include "base/duration.hpp"
#include "base/overloaded.hpp"
#include "os/clock.hpp"
#include "wire/codec.hpp"
#include "wire/frame.hpp"

namespace querent::app {

namespace {

using namespace std::chrono_literals;
using Worth = Outbox::Worth;

constexpr Duration kFirstPause = 100ms;
constexpr Duration kLongestPause = 10s;
constexpr unsigned kLeastIpv6Mtu = 1280;

Duration longer(Duration pause) {
  return std::min(2 * pause, kLongestPause);
}

std::uint64_t seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

// MLD speaks from link-local addresses alone (RFC 9777 5.1.14).
bool is_usable(const net::InterfaceAddress& address, Family family) {
  return address.address.family() == family && !address.tentative &&
         (family == Family::kIPv4 || address.address.is_link_local());
}

core::LocalInterface as_segments_know_it(const net::Interface& interface, Family family) {
  core::LocalInterface link{.mac = interface.mac,
                            .max_query_sources = wire::max_query_sources(family, interface.mtu)};
  for (const auto& address : interface.addresses) {
    if (!is_usable(address, family)) continue;
    link.addresses.emplace_back(address.address, address.prefix_length);
  }
  return link;
}

// nullptr: it is something else.
const Query* general_query(const Packet& packet) {
  const auto* query = as_query(packet.message);
  return query != nullptr && query->is_general() ? query : nullptr;
}

}  // namespace

SegmentRunner::SegmentRunner(Subject subject, const core::Settings& settings, Runtime& runtime)
    : subject_(std::move(subject)),
      runtime_(runtime),
      segment_(settings, subject_.family, Random(seed())),
      record_(runtime.now) {}

SegmentRunner::~SegmentRunner() {
  close(runtime_.now);
  runtime_.wakeups.move(*this, wakeup_, kNever);
}

// ---- the interface

void SegmentRunner::carry(const net::Interface& interface) {
  const Instant now = runtime_.now;
  if (interface_ && (interface_->index != interface.index || regained_ipv6(interface))) {
    forget_link(now);
  }
  interface_ = interface;
  auto link = as_segments_know_it(interface, subject_.family);
  if (!sockets_ && !carried_) {
    // Up as soon as there are sockets.
    if (reopen_at_ != kNever || !open(now)) return follow_state(now);
    carried_ = std::move(link);
    record_.link_changed();
    step(core::LinkUp{*carried_}, now);
  } else if (link != carried_) {
    carried_ = std::move(link);
    step(core::LinkChanged{*carried_}, now);
  }
}

// Below the least MTU of IPv6 (RFC 8200 5) the kernel forgets the memberships of its sockets.
bool SegmentRunner::regained_ipv6(const net::Interface& interface) const {
  return subject_.family == Family::kIPv6 && interface_->mtu < kLeastIpv6Mtu &&
         interface.mtu >= kLeastIpv6Mtu;
}

void SegmentRunner::drop(observe::State why) {
  outside_ = why;
  forget_link(runtime_.now);
  follow_state(runtime_.now);
}

void SegmentRunner::forget_link(Instant now) {
  if (std::exchange(carried_, std::nullopt)) {
    record_.link_changed();
    step(core::LinkDown{}, now);
  }
  close(now);
  interface_.reset();
  outbox_.forget_all();
  reason_.clear();
  reopen_at_ = kNever;
  pause_ = Duration::zero();
  set_wakeup();
}

observe::State SegmentRunner::state() const {
  if (!interface_) return outside_;
  if (!sockets_) return observe::State::kFailed;
  return observe::state_of(segment_.role(), segment_.is_starting());
}

void SegmentRunner::follow_state(Instant now) {
  record_.became(state(), now);
}

observe::SegmentStatus SegmentRunner::status(Instant now) const {
  observe::SegmentStatus status{segment_.view(now), record_.view(now)};
  status.record.reason = reason_;
  if (const auto* query = outbox_.owed_one()) status.record.unsent = {query->since, query->why};
  return status;
}

void SegmentRunner::reconfigure(const core::Settings& settings) {
  step(core::Reconfigured{settings}, runtime_.now);
}

// ---- sockets

bool SegmentRunner::open(Instant now) {
  auto wire = net::PacketSocket::open(interface_->index, subject_.family);
  auto host = net::RawSocket::open(interface_->index, subject_.family);
  if (!wire || !host) {
    fail(wire ? host.error() : wire.error(), false, now);
    return false;
  }
  sockets_.emplace(Sockets{.wire = std::move(*wire), .host = std::move(*host)});
  auto wire_watch = runtime_.poller.watch(sockets_->wire.fd(), [this] { receive_wire(); });
  auto host_watch = runtime_.poller.watch(sockets_->host.fd(), [this] { receive_host(); });
  sockets_->wire_watch = wire_watch.value_or(0);
  sockets_->host_watch = host_watch.value_or(0);
  if (!wire_watch || !host_watch) {
    fail(wire_watch ? host_watch.error() : wire_watch.error(), false, now);
    return false;
  }
  reason_.clear();
  reopen_at_ = kNever;
  runtime_.news = true;
  return true;
}

void SegmentRunner::close(Instant now) {
  if (!sockets_) return;
  if (const auto drops = sockets_->wire.take_drops(); drops > 0) record_.dropped(drops, now);
  runtime_.poller.forget(sockets_->wire_watch);
  runtime_.poller.forget(sockets_->host_watch);
  sockets_.reset();
}

void SegmentRunner::fail(const os::SysError& error, bool recovers, Instant now) {
  close(now);
  record_.sockets_failed(now);
  // What the kernel says where an interface, or the whole host, has no IPv6.
  const bool no_ipv6 =
      subject_.family == Family::kIPv6 && (error.number == EINVAL || error.number == EAFNOSUPPORT);
  reason_ = no_ipv6 ? "has no IPv6: its MTU is below 1280, or IPv6 is off" : error.to_string();
  runtime_.news = true;
  pause_ = pause_ == Duration::zero() ? kFirstPause : longer(pause_);
  reopen_at_ = now + pause_;
  // What a cable does is netlink's to tell.
  const bool expected = error.number == ENETDOWN || error.number == ENODEV || error.number == ENXIO;
  const config::LogLevel level = no_ipv6 ? config::LogLevel::kInfo : config::LogLevel::kError;
  runtime_.log.write({.level = expected ? config::LogLevel::kDebug : level,
                      .event = recovers ? "socket_lost" : "socket_failed",
                      .interface = subject_.interface,
                      .family = subject_.family,
                      .text = fmt::format("{}; next try in {}", reason_, in_words(pause_)),
                      .repeats = true});
  follow_state(now);
  set_wakeup();
}

void SegmentRunner::reopen(Instant now) {
  reopen_at_ = kNever;
  if (!interface_ || !open(now)) return;
  record_.recovered();
  if (carried_) return follow_state(now);
  carried_ = as_segments_know_it(*interface_, subject_.family);
  step(core::LinkUp{*carried_}, now);
}

// ---- receiving

void SegmentRunner::receive_wire() {
  receive(sockets_->wire.receive(runtime_.batch), core::Origin::kWire);
}

void SegmentRunner::receive_host() {
  receive(sockets_->host.receive(runtime_.batch), core::Origin::kOwnHost);
}

template <class Frames>
void SegmentRunner::receive(const os::SysResult<Frames>& frames, core::Origin origin) {
  if (!frames) return fail(frames.error(), true, runtime_.now);
  pause_ = Duration::zero();
  for (const auto& frame : *frames) {
    take(frame, origin, runtime_.now);
    runtime_.run_due();
  }
}

void SegmentRunner::take(const net::ReceivedFrame& frame, core::Origin origin, Instant now) {
  auto packet = wire::decode(subject_.family, frame.packet);
  if (!packet) {
    record_.malformed(packet.error(), now);
    return log_malformed(frame, origin, packet.error());
  }
  if (as_report(packet->message) != nullptr) record_.reported(now);
  step(core::Received{std::move(*packet), frame.source, origin}, now);
}

void SegmentRunner::log_malformed(const net::ReceivedFrame& frame, core::Origin origin,
                                  wire::DropReason reason) {
  const auto name = wire::name(reason);
  const bool own = origin == core::Origin::kOwnHost;
  const std::string sender = own ? "this host" : frame.source.to_string();
  runtime_.log.write({.level = config::LogLevel::kWarn,
                      .event = "malformed",
                      .interface = subject_.interface,
                      .family = subject_.family,
                      .text = fmt::format("unreadable packet from {}: {}", sender, name),
                      .repeats = true,
                      .detail = name});
}

// ---- the segment

Instant SegmentRunner::deadline() const {
  Instant earliest = std::min(segment_.deadline().value_or(kNever), reopen_at_);
  earliest = std::min(earliest, outbox_.next_try());
  return earliest;
}

void SegmentRunner::set_wakeup() {
  const Instant next = deadline();
  runtime_.wakeups.move(*this, std::exchange(wakeup_, next), next);
}

std::optional<Instant> SegmentRunner::due(Instant now) const {
  const auto deadline = segment_.deadline();
  return deadline && *deadline <= now ? deadline : std::nullopt;
}

void SegmentRunner::run_due(Instant now) {
  if (now >= reopen_at_) reopen(now);
  if (due(now)) {
    step(core::Tick{}, now);
    count_drops(now);
  }
  for (auto& entry : outbox_.take_due(now))
    send(std::move(entry));
  set_wakeup();
}

void SegmentRunner::count_drops(Instant now) {
  const std::uint64_t drops = sockets_ ? sockets_->wire.take_drops() : 0;
  if (drops == 0) return;
  record_.dropped(drops, now);
  runtime_.log.write({.level = config::LogLevel::kWarn,
                      .event = "frames_dropped",
                      .interface = subject_.interface,
                      .family = subject_.family,
                      .text = fmt::format("{} packets lost in a flood: there was no room for them "
                                          "(net.core.rmem_max sets how much there is)",
                                          drops),
                      .repeats = true});
}

void SegmentRunner::step(const core::Event& event, Instant now) {
  const Instant since = due(now).value_or(now);
  const auto actions = segment_.step(event, now);
  if (!actions.empty()) perform(actions, {.now = now, .since = since});
  follow_state(now);
  set_wakeup();
}

void SegmentRunner::perform(std::span<const core::Action> actions, const Turn& turn) {
  const Overloaded run{
      [&](const core::SendQuery& sent) {
        send({.packet = core::packet_of(sent),
              .worth = sent.query.is_general() ? Worth::kUntilReplaced : Worth::kForASecond,
              .since = turn.since});
      },
      [&](const core::RoleChanged&) { runtime_.news = true; },
      [](const auto& /*recorded and logged*/) {},
  };
  for (const auto& action : actions) {
    forget_unsent(action);
    std::visit(run, action);
  }
  record_.done(actions, turn.now);
  subject_.in_detail = runtime_.log.writes(config::LogLevel::kDebug);
  for (auto& line : narrate(actions, subject_, segment_.view(turn.now), *runtime_.names))
    runtime_.log.write(std::move(line));
}

// ---- sending

void SegmentRunner::send(Outbox::Entry entry) {
  entry.since = outbox_.owed(entry.worth, entry.since);
  const auto sent = transmit(entry.packet);
  const Instant now = os::now();
  if (sent) {
    if (const auto* general = general_query(entry.packet)) {
      record_.sent(*general, now);
      record_.late(now - entry.since);
    }
    return;
  }
  record_.send_failed(sent.error(), now);
  runtime_.log.write({.level = config::LogLevel::kWarn,
                      .event = "send_failed",
                      .interface = subject_.interface,
                      .family = subject_.family,
                      .text = sent.error().to_string(),
                      .repeats = true,
                      .detail = lasting_name(sent.error().number)});
  outbox_.refused(std::move(entry), sent.error().to_string(), now);
}

// What has waited too long: somebody else asks by now, or we are somebody else.
void SegmentRunner::forget_unsent(const core::Action& action) {
  std::visit(Overloaded{
                 [this](const core::SourceChanged&) { outbox_.forget_all(); },
                 [this](const core::RoleChanged& role) {
                   if (role.to == core::Role::kPassive) outbox_.forget_all();
                   if (role.to == core::Role::kNonQuerier) {
                     outbox_.forget(Worth::kUntilReplaced);
                   }
                 },
                 [](const auto& /*changes no sender*/) {},
             },
             action);
}

os::SysResult<void> SegmentRunner::transmit(const Packet& packet) {
  if (!sockets_) return failure(os::SysError{"send without a socket", ENOTCONN});
  const Bytes bytes = wire::encode(packet);
  if (!packet.source.is_unspecified()) return sockets_->host.send(bytes, packet.destination);
  // The kernel would put an address of its own in the place of 0.0.0.0, so it does not see this
  // one; the own host hears a copy that never leaves it.
  auto sent = sockets_->wire.send(bytes, wire::multicast_mac(packet.destination));
  if (!sent) return sent;
  Packet copy = packet;
  copy.hop_limit = 0;
  return sockets_->host.send(wire::encode(copy), packet.destination);
}

}  // namespace querent::app
