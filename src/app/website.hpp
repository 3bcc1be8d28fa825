#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "observe/metrics.hpp"
#include "observe/status.hpp"
#include "web/basic_auth.hpp"
#include "web/http_message.hpp"

namespace querent::observe {

// Whom the website asks. Called by many threads; nothing (null): no answer in time.
struct StatusSource {
  std::function<std::shared_ptr<const Status>()> status;
  std::function<std::shared_ptr<const Status>()> status_with_groups;
  std::function<std::optional<GroupPage>(const GroupQuestion&)> groups;
  std::function<std::optional<EventPage>(const EventQuestion&)> events;
  // Somebody gave a wrong name or password: the name, which may be empty, and the address.
  std::function<void(std::string name, std::string peer)> refused;
};

// What is answered to a request: docs/api.md. From any thread.
class Website {
 public:
  Website(StatusSource status_source, std::optional<web::BasicAuth> auth);

  web::HttpResponse answer(const web::HttpRequest& request);
  // Something was answered without asking here.
  void count_refused(int status) { count({}, status); }

 private:
  web::HttpResponse look_up(const web::HttpRequest& request);
  web::HttpResponse metrics() const;
  web::HttpResponse groups(const std::string& query) const;
  web::HttpResponse events(const std::string& query) const;
  void count(const std::string& path, int status);
  HttpCounts counts() const;

  StatusSource source_;
  std::optional<web::BasicAuth> auth_;
  mutable std::mutex mutex_;
  HttpCounts counts_;
};

}  // namespace querent::observe
