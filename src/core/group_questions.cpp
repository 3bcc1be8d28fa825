// The part of Group that asks: RFC 9776 6.6.3.

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/group.hpp"

namespace querent::core {

namespace {

std::uint8_t last_member_query_count(const Values& values) {
  return static_cast<std::uint8_t>(values.robustness);
}

bool is_open(const Source& source) {
  return source.queries_left > 0;
}

}  // namespace

bool Group::may_ask(const Terms& terms) const {
  // IGMPv1 has no group queries, and nobody answers for the link's own groups on purpose.
  return terms.asks && !link_local_ && terms.version != Version::k1;
}

void Group::ask_group(const Terms& terms, Ledger& ledger) {
  const Instant lowered = terms.now + last_member_query_time(terms.values);
  // Since the last report, that is: a report moves the group timer beyond `lowered`.
  const bool is_asked_already = terms.now < question_ends_ && expires_ <= lowered;
  if (mode_ == FilterMode::kInclude || is_asked_already || !may_ask(terms)) return;
  const std::uint8_t queries = last_member_query_count(terms.values);
  if (!ledger.allow_question(queries, terms.now)) return;
  expires_ = std::min(expires_, lowered);
  question_ends_ = lowered;
  queries_left_ = queries;
  ask_at_once(terms.now);
}

void Group::ask_sources(Which which, const Addresses& listed, const Terms& terms, Ledger& ledger) {
  if (!may_ask(terms)) return;
  const Instant lowered = terms.now + last_member_query_time(terms.values);
  std::vector<Source*> in_question;
  const auto consider = [&](Source* source) {
    if (!source->blocked && source->expires > lowered) in_question.push_back(source);
  };
  if (which == Which::kListed) {
    for (const Address address : listed) {
      if (Source* source = find_source(address)) consider(source);
    }
  } else {
    for (auto& source : sources_) {
      if (!std::binary_search(listed.begin(), listed.end(), source.address)) consider(&source);
    }
  }
  if (in_question.empty()) return;
  const std::uint8_t rounds = last_member_query_count(terms.values);
  const std::size_t fit = std::max<std::size_t>(terms.max_query_sources, 1);
  const std::size_t queries_a_round = (in_question.size() + fit - 1) / fit;
  if (!ledger.allow_question(rounds * queries_a_round, terms.now)) return;
  for (Source* source : in_question) {
    source->expires = lowered;
    source->queries_left = rounds;
  }
  ask_at_once(terms.now);
}

void Group::ask_at_once(Instant now) {
  next_query_ = now;
  wake_at(now);
}

void Group::answered(const Terms& terms) {
  // Version 3 goes on asking with S set; version 2 has no S, and stops (RFC 2236 6, figure 3).
  if (terms.version != Version::k3) queries_left_ = 0;
}

void Group::cancel_questions() {
  queries_left_ = 0;
  for (auto& source : sources_)
    source.queries_left = 0;
  next_query_ = kNever;
}

Query Group::question(const Terms& terms, bool suppress) const {
  const bool version3 = terms.version == Version::k3;
  return {
      .version = terms.version,
      .group = address_,
      .max_response = terms.values.last_member_interval,
      .suppress = version3 && suppress,
      .robustness = version3 ? static_cast<std::uint8_t>(terms.values.robustness) : std::uint8_t{0},
      .query_interval = version3 ? terms.values.query_interval : Duration::zero(),
      .sources = {},
  };
}

void Group::send_due(const Terms& terms, std::vector<Query>& queries) {
  const bool sources_open = std::any_of(sources_.begin(), sources_.end(), is_open);
  // In version 2 a question about sources can only be put to the whole group.
  const bool to_all = queries_left_ > 0 || (sources_open && terms.version == Version::k2);
  const Instant lowered = terms.now + last_member_query_time(terms.values);

  if (to_all && terms.version != Version::k1) {
    const bool was_answered = mode_ == FilterMode::kExclude && expires_ > lowered;
    queries.push_back(question(terms, was_answered));
  }
  if (sources_open && terms.version == Version::k3) {
    append_source_questions(terms, false, queries);
    // The query to all has just asked these, too (6.6.3.2).
    if (!to_all) append_source_questions(terms, true, queries);
  }
  count_down(terms);
}

void Group::append_source_questions(const Terms& terms, bool answered,
                                    std::vector<Query>& queries) const {
  const Instant lowered = terms.now + last_member_query_time(terms.values);
  std::vector<Address> asked;
  const auto flush = [&] {
    if (asked.empty()) return;
    queries.push_back(question(terms, answered));
    queries.back().sources = std::exchange(asked, {});
  };
  for (const auto& source : sources_) {
    if (!is_open(source) || (source.expires > lowered) != answered) continue;
    asked.push_back(source.address);
    if (asked.size() >= terms.max_query_sources) flush();
  }
  flush();
}

void Group::count_down(const Terms& terms) {
  if (queries_left_ > 0) --queries_left_;
  bool more = queries_left_ > 0;
  for (auto& source : sources_) {
    if (is_open(source)) --source.queries_left;
    more = more || is_open(source);
  }
  const Duration gap = terms.values.last_member_interval;
  next_query_ = !more                           ? kNever
                : next_query_ + gap > terms.now ? next_query_ + gap
                                                : terms.now + gap;
}

}  // namespace querent::core
