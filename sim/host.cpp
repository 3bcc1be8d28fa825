#include "sim/host.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sim/dialect.hpp"

namespace querent::sim {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// RFC 9776 8.12, RFC 9777 9.12 with the RFCs' default values.
constexpr Duration kOlderQuerierPresent = seconds(260);

Record state_record(Address group, const Wish& wish, bool is_change) {
  const auto includes = is_change ? RecordType::kToInclude : RecordType::kIsInclude;
  const auto excludes = is_change ? RecordType::kToExclude : RecordType::kIsExclude;
  return {.type = wish.excludes ? excludes : includes,
          .group = group,
          .sources = {wish.sources.begin(), wish.sources.end()}};
}

std::vector<Address> difference(const std::set<Address>& of, const std::set<Address>& without) {
  std::vector<Address> left;
  std::set_difference(of.begin(), of.end(), without.begin(), without.end(),
                      std::back_inserter(left));
  return left;
}

// RFC 9776 5.1, the table of state changes.
std::vector<Record> change_records(Address group, const Wish& from, const Wish& to) {
  if (from.excludes != to.excludes) return {state_record(group, to, true)};
  const auto added = difference(to.sources, from.sources);
  const auto dropped = difference(from.sources, to.sources);
  const auto& allowed = to.excludes ? dropped : added;
  const auto& blocked = to.excludes ? added : dropped;
  std::vector<Record> records;
  if (!allowed.empty()) records.push_back({RecordType::kAllow, group, allowed});
  if (!blocked.empty()) records.push_back({RecordType::kBlock, group, blocked});
  return records;
}

}  // namespace

void Host::wish(Address group, const Wish& wish, Instant now, Out& out) {
  const auto known = wishes_.find(group);
  const Wish before = known == wishes_.end() ? Wish{} : known->second;
  if (before == wish) return;
  wishes_.erase(group);
  if (wish.is_member()) wishes_.emplace(group, wish);

  const Version version = mode(now);
  if (version == Version::k3) {
    // A change on top of one that is still being told is told as the whole new state.
    const bool on_top = announcements_.contains(group);
    auto records =
        on_top ? std::vector{state_record(group, wish, true)} : change_records(group, before, wish);
    auto& announcement = announcements_[group];
    announcement = {.due = now, .left = traits_.robustness, .records = std::move(records)};
    announce(announcement, group, now, out);
    return;
  }
  if (!wish.is_member()) {
    answers_.erase(group);
    announcements_.erase(group);
    if (version == Version::k2) send(dialect_of(group).all_routers, Leave{group}, out);
  } else if (!before.is_member()) {
    auto& announcement = announcements_[group];
    announcement = {.due = now, .left = 2, .records = {}};
    announce(announcement, group, now, out);
  }
}

void Host::take_address(Address address, Instant now) {
  const bool had_none = traits_.address.is_unspecified();
  traits_.address = address;
  if (!had_none) return;
  if (mode(now) == Version::k3) {
    general_answer_ = std::min(general_answer_, now + random_.between(Duration(1), seconds(1)));
    return;
  }
  for (const auto& [group, wish] : wishes_)
    owe(group, {}, seconds(10), now);
}

// RFC 9777 5.1.15, 6.2.
bool Host::is_for_us(const Packet& packet) const {
  const Dialect& dialect = dialect_of(traits_.address);
  if (!dialect.is_strict) return true;
  const bool reaches_us = packet.destination == dialect.all_systems ||
                          packet.destination == traits_.address ||
                          wishes_.contains(packet.destination);
  return dialect.accepts(packet) && reaches_us;
}

void Host::receive(const FramePtr& frame, Instant now, Out& /*out*/) {
  if (frame->data) return hear_data(*frame->data, now);
  if (!frame->message || !is_for_us(*frame->message)) return;
  if (const auto* query = frame->get<Query>()) return hear_query(*query, now);
  if (const auto* report = frame->get<Report>()) hear_report(*report, now);
}

void Host::hear_query(const Query& query, Instant now) {
  if (query.version < traits_.version && query.version != Version::k3) {
    older_querier_until_[static_cast<std::size_t>(query.version) - 1] = now + kOlderQuerierPresent;
  }
  if (mode(now) != mode_before_) {
    mode_before_ = mode(now);
    general_answer_ = kNever;
    answers_.clear();
    announcements_.clear();
  }
  owe_answers(query, now);
}

void Host::owe_answers(const Query& query, Instant now) {
  const Duration within = std::max<Duration>(query.max_response, milliseconds(1));
  const bool version3 = mode(now) == Version::k3;
  if (!query.is_general()) {
    const std::set<Address> sources(query.sources.begin(), query.sources.end());
    if (wishes_.contains(query.group)) {
      owe(query.group, version3 ? sources : std::set<Address>{}, within, now);
    }
  } else if (version3) {
    general_answer_ = std::min(general_answer_, now + random_.between(Duration(1), within));
  } else {
    for (const auto& [group, wish] : wishes_)
      owe(group, {}, within, now);
  }
}

void Host::owe(Address group, const std::set<Address>& sources, Duration within, Instant now) {
  const Instant due = now + random_.between(Duration(1), within);
  const auto [at, is_new] = answers_.try_emplace(group, Answer{.due = due, .sources = sources});
  if (is_new) return;
  at->second.due = std::min(at->second.due, due);
  // One answer for both questions: about the whole group if one of them was.
  if (sources.empty() || at->second.sources.empty()) {
    at->second.sources.clear();
  } else {
    at->second.sources.insert(sources.begin(), sources.end());
  }
}

void Host::hear_report(const Report& report, Instant now) {
  if (mode(now) == Version::k3 || report.version == Version::k3) return;
  for (const auto& record : report.records)
    answers_.erase(record.group);
}

void Host::hear_data(const StreamData& data, Instant now) {
  if (!wishes_.contains(data.group)) return;
  if (stream_.last_at) stream_.missing += data.number - stream_.last - 1;
  stream_.last = data.number;
  stream_.last_at = now;
}

void Host::wake(Instant now, Out& out) {
  if (now >= general_answer_) answer_general(out);
  for (auto at = answers_.begin(); at != answers_.end();) {
    const auto due = at++;
    if (now < due->second.due) continue;
    answer(due->first, due->second, now, out);
    answers_.erase(due);
  }
  for (auto at = announcements_.begin(); at != announcements_.end();) {
    const auto due = at++;
    const bool is_due = due->second.left > 0 && now >= due->second.due;
    if (is_due) announce(due->second, due->first, now, out);
    if (due->second.left <= 0) announcements_.erase(due);
  }
}

Instant Host::deadline() const {
  Instant earliest = general_answer_;
  for (const auto& [group, answer] : answers_)
    earliest = std::min(earliest, answer.due);
  for (const auto& [group, each] : announcements_)
    earliest = std::min(earliest, each.due);
  return earliest;
}

Version Host::mode(Instant now) const {
  if (now < older_querier_until_[0]) return Version::k1;
  if (now < older_querier_until_[1]) return std::min(Version::k2, traits_.version);
  return traits_.version;
}

void Host::answer(Address group, const Answer& answer, Instant now, Out& out) {
  const auto wish = wishes_.find(group);
  if (wish == wishes_.end()) return;
  if (mode(now) != Version::k3) return send_plain_report(group, mode(now), out);
  if (answer.sources.empty()) return send_records({state_record(group, wish->second, false)}, out);
  // RFC 9776 5.2: those of the sources asked for that we want.
  std::vector<Address> wanted;
  for (const Address source : answer.sources) {
    if (wish->second.sources.contains(source) != wish->second.excludes) wanted.push_back(source);
  }
  if (!wanted.empty()) send_records({{RecordType::kIsInclude, group, wanted}}, out);
}

void Host::answer_general(Out& out) {
  general_answer_ = kNever;
  std::vector<Record> records;
  for (const auto& [group, wish] : wishes_)
    records.push_back(state_record(group, wish, false));
  if (!records.empty()) send_records(std::move(records), out);
}

void Host::announce(Announcement& announcement, Address group, Instant now, Out& out) {
  const Version version = mode(now);
  if (version == Version::k3 && !announcement.records.empty()) {
    send_records(announcement.records, out);
  } else if (version != Version::k3 && wishes_.contains(group)) {
    send_plain_report(group, version, out);
  }
  --announcement.left;
  // RFC 9776 8.11, RFC 2236 8.10, RFC 2710 7.10.
  const Duration within = version == Version::k3 ? seconds(1) : seconds(10);
  announcement.due = now + random_.between(Duration(1), within);
}

void Host::send_records(std::vector<Record> records, Out& out) const {
  send(dialect_of(traits_.address).all_version3_routers,
       Report{.version = Version::k3, .records = std::move(records)}, out);
}

void Host::send_plain_report(Address group, Version version, Out& out) const {
  const Record joined{.type = RecordType::kIsExclude, .group = group, .sources = {}};
  send(group, Report{.version = version, .records = {joined}}, out);
}

void Host::send(Address destination, Message message, Out& out) const {
  if (dialect_of(traits_.address).is_strict && traits_.address.is_unspecified()) return;
  out.push_back(make_frame(traits_.mac, {.source = traits_.address,
                                         .destination = destination,
                                         .hop_limit = 1,
                                         .router_alert = true,
                                         .message = std::move(message)}));
}

}  // namespace querent::sim
