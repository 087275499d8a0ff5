#include "door/door.h"

#include <c10/util/Logging.h>
#include <torch/version.h>

namespace hone::door {
namespace {

thread_local std::string last_error;

// c10 symbolizes a backtrace for every exception, which costs milliseconds and says nothing to a C# user.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
const bool no_backtraces = [] {
  c10::SetStackTraceFetcher([](auto...) { return std::string(); });
  return true;
}();
#else
const bool no_backtraces = [] {
  c10::SetStackTraceFetcher([] { return std::string(); });
  return true;
}();
#endif

}  // namespace

void set_error(std::string text) {
  // what_without_backtrace keeps the frames of nested contexts; the first line is the message itself.
  const auto frames = text.find("\nException raised from");
  last_error = frames == std::string::npos ? std::move(text) : text.substr(0, frames);
}

}  // namespace hone::door

HONE_EXPORT const char* hone_last_error() { return hone::door::last_error.c_str(); }
