#include "cli/lab_show.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <fmt/core.h>
#include <utility>
#include <variant>

#include "os/clock.hpp"
#include "wire/codec.hpp"

namespace querent::cli {

namespace {

using namespace std::chrono_literals;
using os::SysResult;

constexpr Duration kSendInterval = 50ms;
constexpr int kPhases = 4;

std::uint64_t in_seconds(Duration duration) {
  return static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

std::string as_option(Duration duration) {
  return fmt::format("{}ms",
                     std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

}  // namespace

// ---- the network

net::UdpChannel LabNetwork::channel(Family family) {
  constexpr Address kGroup4 = Address::v4(239, 1, 2, 3);
  constexpr Address kGroup6 = Address::v6(0xFF15000000000000, 0x10203);
  return {.group = family == Family::kIPv4 ? kGroup4 : kGroup6, .port = probe::kStreamPort};
}

SysResult<LabNetwork> LabNetwork::create(Duration expiry, Family family) {
  auto lan = lab::Lan::create(
      {.hosts = {4},
       .switches = {.membership_interval = expiry, .filters_ipv6 = family == Family::kIPv6}});
  if (!lan) return failure(lan.error());
  const auto index = [&](int host) {
    return lan->host(host).links().index_of(lab::Lan::kInterface);
  };
  const auto at_sender = index(kSender);
  const auto at_receiver = index(kReceiver);
  if (!at_sender || !at_receiver)
    return failure(at_sender ? at_receiver.error() : at_sender.error());
  auto sender = lan->host(kSender).inside(
      [&] { return net::UdpSender::open({.interface_index = *at_sender, .family = family}); });
  if (!sender) return failure(sender.error());
  auto ear =
      lan->host(kReceiver).inside([&] { return net::PacketSocket::open(*at_receiver, family); });
  if (!ear) return failure(ear.error());
  auto receiver = lan->host(kReceiver).inside(
      [&] { return net::UdpReceiver::open(*at_receiver, channel(family)); });
  if (!receiver) return failure(receiver.error());
  return LabNetwork{family, std::move(*lan), std::move(*sender), std::move(*receiver),
                    std::move(*ear)};
}

// ---- the show

LabShow::LabShow(LabNetwork& network, Duration expiry, std::string program, Audience audience)
    : network_(network),
      expiry_(expiry),
      program_(std::move(program)),
      audience_(std::move(audience)) {}

std::optional<Instant> LabShow::turn(Instant now) {
  if (!pace_) {
    pace_.emplace(now, kSendInterval);
    statistics_.emplace(now);
    next_second_ = now + 1s;
    if (!is_left_alone_) enter(1);
  }
  send_due(now);
  if (now >= next_second_) end_second(now);
  if (!fault_.empty()) return std::nullopt;
  return std::min(pace_->next(), next_second_);
}

void LabShow::send_due(Instant now) {
  const auto channel = LabNetwork::channel(network_.family);
  for (auto due = pace_->take_due(now); due > 0; --due) {
    const auto datagram = probe::encode_stream({.stream = 1,
                                                .number = number_++,
                                                .sent = now.time_since_epoch(),
                                                .interval = kSendInterval},
                                               probe::kSmallestDatagram);
    ++sent_;
    if (auto sent = network_.sender.send(channel.group, channel.port, datagram); !sent)
      fault_ = sent.error().to_string();
  }
}

void LabShow::take_datagrams() {
  const auto arrived = network_.receiver.receive(datagrams_);
  if (!arrived) {
    fault_ = arrived.error().to_string();
    return;
  }
  for (const auto& datagram : *arrived) {
    if (statistics_) statistics_->take(datagram);
    ++received_;
  }
}

void LabShow::take_queries() {
  const auto arrived = network_.ear.receive(frames_);
  if (!arrived) {
    fault_ = arrived.error().to_string();
    return;
  }
  for (const auto& frame : *arrived) {
    const auto packet = wire::decode(network_.family, frame.packet);
    if (!packet) continue;
    const auto* query = as_query(packet->message);
    if (query == nullptr || !query->is_general()) continue;
    querier_ = packet->source;
    querier_heard_ = os::now();
  }
}

void LabShow::end_second(Instant now) {
  next_second_ += 1s;
  ++seconds_;
  if (querier_ && now - querier_heard_ > 3 * query_interval()) querier_.reset();
  const LabSecond second{.second = seconds_,
                         .phase = phase_,
                         .sent = std::exchange(sent_, 0),
                         .received = std::exchange(received_, 0),
                         .table = table(),
                         .querier = querier_};
  pass_on_words();
  audience_.second(second);
  judge(second);
}

std::vector<std::string> LabShow::table() {
  const auto names = [](const std::string& port) -> std::string {
    if (port == lab::Lan::port_of(LabNetwork::kReceiver)) return "the receiver";
    if (port == lab::Lan::port_of(LabNetwork::kSender)) return "the sender";
    return port;
  };
  const auto known = network_.lan.switch_at(1).table();
  std::vector<std::string> lines;
  if (!known) {
    fault_ = known.error().to_string();
    return lines;
  }
  for (const auto& entry : known->entries) {
    if (entry.group != LabNetwork::channel(network_.family).group || entry.source) continue;
    lines.push_back(fmt::format("{} to {}", entry.group.to_string(), names(entry.port)));
  }
  return lines;
}

std::uint64_t LabShow::lost() const {
  return statistics_->view(os::now()).counts.lost;
}

// ---- the phases

void LabShow::enter(int phase) {
  phase_ = phase;
  phase_began_ = seconds_;
  settled_ = 0;
  audience_.phase(phase);
  if (phase == 2) start_querent(first_, LabNetwork::kFirst);
  if (phase == 3) start_querent(second_, LabNetwork::kSecond);
  if (phase == 4) second_->kill(SIGKILL);
}

void LabShow::start_querent(std::optional<lab::Process>& process, int host) {
  // The newest, because its queries say how long to wait for the next one: no four gaps to be
  // learned from.
  const bool ipv4 = network_.family == Family::kIPv4;
  auto started = lab::Process::spawn(
      {.argv = {program_, "run", "--interface", lab::Lan::kInterface, "--igmp-version",
                ipv4 ? "3" : "off", "--mld-version", ipv4 ? "off" : "2", "--query-interval",
                as_option(query_interval()), "--max-response", as_option(query_interval() / 4)},
       .where = &network_.lan.host(host)});
  if (!started) {
    fault_ = started.error().to_string();
    return;
  }
  process.emplace(std::move(*started));
}

void LabShow::judge(const LabSecond& second) {
  if (over_ || is_left_alone_) return;
  switch (phase_) {
    case 1:
      return judge_death(second);
    case 2:
    case 4:
      return judge_querier(second, LabNetwork::kFirst);
    default:
      return judge_querier(second, LabNetwork::kSecond);
  }
}

void LabShow::judge_death(const LabSecond& second) {
  constexpr std::uint64_t kDeadFor = 3;
  was_alive_ = was_alive_ || second.alive();
  settled_ = was_alive_ && !second.alive() ? settled_ + 1 : 0;
  const auto age = seconds_ - phase_began_;
  if (settled_ == kDeadFor) {
    conclude(true, fmt::format("the stream died {} s after the receiver joined: the switch here "
                               "forgets after {} s, real ones after 260 s",
                               age - kDeadFor, in_seconds(expiry_)));
  } else if (age > in_seconds(3 * expiry_) + 10) {
    conclude(false, was_alive_ ? "the stream did not die" : "the stream never arrived");
  }
}

void LabShow::judge_querier(const LabSecond& second, int host) {
  const Address expected = lab::Lan::address_of(host, network_.family);
  const auto age = seconds_ - phase_began_;
  // One who takes over does it within RV * QI + QRI / 2; one who starts, at once.
  const auto patience = in_seconds(3 * query_interval()) + 3;
  const auto proof = in_seconds(phase_ == 2 ? 5 * expiry_ / 2 : expiry_) + 1;
  if (settled_ == 0) {
    if (second.alive() && second.querier == expected) {
      settled_ = 1;
      if (phase_ == 2) lost_before_ = lost();  // what was lost while it was dead
    } else if (age > patience) {
      conclude(false, fmt::format("after {} s the stream is {} and the querier {}", age,
                                  second.alive() ? "alive" : "dead",
                                  second.querier ? second.querier->to_string() : "nobody"));
    }
    return;
  }
  if (++settled_ <= proof) return;
  const auto lost_now = lost() - lost_before_;
  conclude(lost_now == 0 && second.querier == expected,
           fmt::format("{} asks; {} of {} datagrams lost in {} s", expected.to_string(), lost_now,
                       age * (1s / kSendInterval), age));
}

void LabShow::conclude(bool holds, const std::string& text) {
  audience_.verdict({.phase = phase_, .holds = holds, .text = text});
  holds_ = holds_ && holds;
  over_ = !holds || phase_ == kPhases;
  if (!over_) enter(phase_ + 1);
}

void LabShow::pass_on_words() {
  const auto pass_on = [this](std::optional<lab::Process>& process, std::size_t& told, int host) {
    if (!process) return;
    const std::string& all = process->errors();
    for (auto end = all.find('\n', told); end != std::string::npos; end = all.find('\n', told)) {
      audience_.querent_says(fmt::format("{}: {}",
                                         lab::Lan::address_of(host, network_.family).to_string(),
                                         all.substr(told, end - told)));
      told = end + 1;
    }
  };
  pass_on(first_, first_told_, LabNetwork::kFirst);
  pass_on(second_, second_told_, LabNetwork::kSecond);
}

}  // namespace querent::cli
