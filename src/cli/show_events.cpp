#include "cli/show_events.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <fmt/core.h>

#include "cli/api_words.hpp"

namespace querent::cli {

namespace {

// "2026-11-21T21:41:29.123Z", as it is where we live; else the text as it is.
std::string local_time(const std::string& text) {
  std::tm utc{};
  std::array<char, 8> fraction{};
  int end = 0;
  const int read =
      std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3[0-9]Z%n", &utc.tm_year, &utc.tm_mon,
                  &utc.tm_mday, &utc.tm_hour, &utc.tm_min, &utc.tm_sec, fraction.data(), &end);
  if (read != 7 || static_cast<std::size_t>(end) != text.size()) return text;
  utc.tm_year -= 1900;
  utc.tm_mon -= 1;
  const std::time_t seconds = ::timegm(&utc);
  std::tm local{};
  if (::localtime_r(&seconds, &local) == nullptr) return text;
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{}", local.tm_year + 1900,
                     local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec,
                     fraction.data());
}

std::string level_words(client::JsonValue level, bool colour) {
  const std::string name = level.text_or("?");
  std::string padded = fmt::format("{:<5}", name);
  if (name == "error") return tinted(padded, Tint::kBad, colour);
  if (name == "warn") return tinted(padded, Tint::kWarning, colour);
  return padded;
}

}  // namespace

std::string event_line(client::JsonValue event, bool colour) {
  std::string where = event["interface"].text_or("");
  const std::string family = event["family"].text_or("");
  if (!family.empty()) where += (where.empty() ? "" : " ") + family;
  return fmt::format("{} {} {}{}{}",
                     tinted(local_time(event["time"].text_or("?")), Tint::kFaint, colour),
                     level_words(event["level"], colour), where, where.empty() ? "" : ": ",
                     event["text"].text_or("?"));
}

std::string EventReader::target() const {
  const std::size_t limit = instance_ ? kMost : std::clamp<std::size_t>(latest_, 1, kMost);
  return fmt::format("/api/v1/events?since={}&limit={}", last_, limit);
}

EventReader::News EventReader::take(client::JsonValue page) {
  News news;
  const std::string instance = page["instance"].raw().value_or("");
  const std::uint64_t last = page["last"].count().value_or(0);
  const bool first_page = !instance_;
  const bool is_other = !first_page && (instance != *instance_ || last < last_);
  instance_ = instance;
  if (is_other) {
    news.notes.emplace_back("querent has started anew: its events are counted from 1 again");
    news.again = last_ > 0;  // it was asked for those after one of the process before
    last_ = 0;
    if (news.again) return news;
  }
  for (const client::JsonValue event : page["events"].items()) {
    const std::uint64_t id = event["id"].count().value_or(0);
    if (id <= last_) continue;
    if (!first_page && news.events.empty() && id > last_ + 1) {
      news.notes.push_back(fmt::format("{} events were missed", id - last_ - 1));
    }
    last_ = id;
    news.events.push_back(event);
  }
  last_ = std::max(last_, last);
  if (first_page && news.events.size() > latest_) {
    news.events.erase(news.events.begin(),
                      news.events.end() - static_cast<std::ptrdiff_t>(latest_));
  }
  return news;
}

}  // namespace querent::cli
