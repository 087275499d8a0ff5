// Where the time of a piece of work goes: each operator's own seconds, without those of the operators that it calls.
#include <ATen/record_function.h>
#include <torch/library.h>

#include <time.h>

#include <cstring>
#include <map>
#include <sstream>

#include "tensors.h"

namespace hone {
namespace {

using at::Tensor;

struct Entry {
  double seconds = 0;
  int64_t calls = 0;
};

/// What runs at present, and what ran since the beginning; of the thread that asked.
struct Profile {
  at::CallbackHandle handle{};
  bool running = false;
  clockid_t clock = CLOCK_MONOTONIC;
  std::map<std::string, Entry> entries;
  std::vector<double> inner;  // seconds of the calls inside each open call
};

Profile& profile() {
  static thread_local Profile value;
  return value;
}

double seconds_now() {
  timespec now{};
  clock_gettime(profile().clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Call : at::ObserverContext {
  std::string name;
  double start = 0;
};

/// A matrix as a product sees it: its shape, and "t" where its columns are dense instead of its rows.
void write_matrix(std::ostream& out, const Tensor& x) {
  out << ' ' << x.size(0) << 'x' << x.size(1) << (x.stride(0) == 1 && x.stride(1) != 1 ? "t" : "");
}

/// The operator's name, of a product with its dtype and the shapes of what it multiplies.
std::string name_of(const at::RecordFunction& call) {
  const char* const name = call.name();
  const bool adds = std::strncmp(name, "aten::addmm", 11) == 0;
  if (!adds && std::strcmp(name, "aten::mm") != 0) {
    return name;
  }

  const auto inputs = call.inputs();
  const size_t first = adds ? 1 : 0;
  if (inputs.size() < first + 2 || !inputs[first].isTensor() || !inputs[first + 1].isTensor()) {
    return name;
  }

  const Tensor &a = inputs[first].toTensor(), &b = inputs[first + 1].toTensor();
  if (a.dim() != 2 || b.dim() != 2) {
    return name;
  }

  std::ostringstream text;
  text << name << ' ' << a.scalar_type();
  write_matrix(text, a);
  write_matrix(text, b);
  return text.str();
}

std::unique_ptr<at::ObserverContext> enter(const at::RecordFunction& call) {
  auto context = std::make_unique<Call>();
  context->name = name_of(call);
  profile().inner.push_back(0);
  context->start = seconds_now();
  return context;
}

void leave(const at::RecordFunction&, at::ObserverContext* context) {
  const auto& call = *static_cast<Call*>(context);
  const double seconds = seconds_now() - call.start;
  Profile& all = profile();
  const double inside = all.inner.empty() ? 0 : all.inner.back();
  if (!all.inner.empty()) {
    all.inner.pop_back();
  }

  if (!all.inner.empty()) {
    all.inner.back() += seconds;
  }

  Entry& entry = all.entries[call.name];
  entry.seconds += seconds - inside;
  entry.calls++;
}

void begin(bool cpu_time) {
  Profile& all = profile();
  TORCH_CHECK(!all.running, "hone::profile_begin: must be ended before it begins again");
  all.entries.clear();
  all.inner.clear();
  all.running = true;
  all.clock = cpu_time ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC;
  all.handle = at::addThreadLocalCallback(at::RecordFunctionCallback(enter, leave)
                                              .needsInputs(true)
                                              .scopes({at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION}));
}

/// Lines "name<tab>seconds<tab>calls" as bytes.
Tensor end() {
  Profile& all = profile();
  TORCH_CHECK(all.running, "hone::profile_end: must come after hone::profile_begin");
  at::removeCallback(all.handle);
  all.running = false;
  std::ostringstream text;
  for (const auto& [name, entry] : all.entries) {
    text << name << '\t' << entry.seconds << '\t' << entry.calls << '\n';
  }

  const std::string lines = text.str();
  Tensor bytes = at::empty({static_cast<int64_t>(lines.size())}, at::kByte);
  std::memcpy(bytes.data_ptr(), lines.data(), lines.size());
  return bytes;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  // With cpu_time the seconds are those of the calling thread alone: what it would take on a quiet machine with one.
  library.def("profile_begin(bool cpu_time=False) -> ()", begin);
  library.def("profile_end() -> Tensor", end);
}

}  // namespace hone
