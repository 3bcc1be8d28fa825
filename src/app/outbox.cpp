#include "app/outbox.hpp"

#include <algorithm>
#include <utility>

namespace querent::app {

namespace {

using namespace std::chrono_literals;

constexpr Duration kLongestPause = 10s;
// What asks about one group is of no use once the group has expired for want of an answer.
constexpr Duration kPatience = 1s;

}  // namespace

Instant Outbox::owed(Worth worth, Instant since) {
  if (worth != Worth::kUntilReplaced) return since;
  for (const Entry& entry : entries_)
    if (entry.worth == worth) since = std::min(since, entry.since);
  forget(worth);
  return since;
}

void Outbox::refused(Entry entry, std::string why, Instant now) {
  if (entry.worth == Worth::kForASecond && entry.pause > kPatience) return;
  if (entries_.size() >= kMost) entries_.erase(entries_.begin());
  entry.why = std::move(why);
  entry.next_try = now + entry.pause;
  entry.pause = std::min(2 * entry.pause, kLongestPause);
  entries_.push_back(std::move(entry));
}

std::vector<Outbox::Entry> Outbox::take_due(Instant now) {
  const auto waits = [now](const Entry& entry) { return entry.next_try > now; };
  const auto first_due = std::stable_partition(entries_.begin(), entries_.end(), waits);
  std::vector<Entry> due(std::make_move_iterator(first_due),
                         std::make_move_iterator(entries_.end()));
  entries_.erase(first_due, entries_.end());
  return due;
}

Instant Outbox::next_try() const {
  Instant earliest = kNever;
  for (const Entry& entry : entries_)
    earliest = std::min(earliest, entry.next_try);
  return earliest;
}

void Outbox::forget(Worth worth) {
  std::erase_if(entries_, [worth](const Entry& entry) { return entry.worth == worth; });
}

const Outbox::Entry* Outbox::owed_one() const {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [](const Entry& entry) {
    return entry.worth == Worth::kUntilReplaced;
  });
  return found == entries_.end() ? nullptr : &*found;
}

}  // namespace querent::app
