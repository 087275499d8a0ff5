#include "team.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "memory_line.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace hone {
namespace {

// Some twenty microseconds: longer than a phase waits for its slowest thread, shorter than a time slice.
constexpr int kSpins = 512;

// After a step a thread waits this many times as long for the next one before it sleeps.
constexpr int kRestSpins = 16 * kSpins;

inline void pause_a_little() {
#if defined(__x86_64__)
  _mm_pause();
#endif
}

/// Waits until `is_over`; after a while it lets others onto the core, who may be who it waits for.
template <class IsOver>
inline void wait_until(const IsOver& is_over) {
  for (int spins = 0; !is_over(); spins++) {
    if (spins < kSpins) {
      pause_a_little();
    } else {
      std::this_thread::yield();
    }
  }
}

/// How numbers are rounded and denormals treated on this thread: the same on all, or bits would differ.
unsigned arithmetic_mode() {
#if defined(__x86_64__)
  return _mm_getcsr();
#else
  return 0;
#endif
}

void set_arithmetic_mode([[maybe_unused]] unsigned mode) {
#if defined(__x86_64__)
  _mm_setcsr(mode);
#endif
}

}  // namespace

/// What the teammates share, each part on cache lines of its own.
struct Teammate::Shared {
  /// Items that one teammate has left: the next in the lower half, the end in the upper one.
  struct alignas(64) Share {
    std::atomic<uint64_t> left{0};
  };

  alignas(64) std::atomic<int> arrived{0};
  alignas(64) std::atomic<uint32_t> meeting{0};
  std::vector<Share> shares;
};

void Teammate::meet(int64_t items) {
  victim_ = index_;
  const uint32_t meeting = shared_->meeting.load(std::memory_order_relaxed);
  if (shared_->arrived.fetch_add(1, std::memory_order_acq_rel) == size_ - 1) {
    shared_->arrived.store(0, std::memory_order_relaxed);
    share_out(items);
    shared_->meeting.store(meeting + 1, std::memory_order_release);
    return;
  }

  wait_until([&] { return shared_->meeting.load(std::memory_order_acquire) != meeting; });
}

// By the last one to arrive, while the others wait: so a thread that the system took off its core holds up no item.
void Teammate::share_out(int64_t items) {
  for (int i = 0; i < size_; i++) {
    const auto first = static_cast<uint64_t>(items * i / size_), end = static_cast<uint64_t>(items * (i + 1) / size_);
    shared_->shares[i].left.store(end << 32 | first, std::memory_order_relaxed);
  }
}

Teammate::Stretch Teammate::take_from(int owner, int64_t most) {
  auto& share = shared_->shares[owner].left;
  uint64_t left = share.load(std::memory_order_acquire);
  while (true) {
    const auto first = static_cast<int64_t>(left & 0xffffffffu), end = static_cast<int64_t>(left >> 32);
    if (first >= end) {
      return {0, 0};
    }

    // Half of what is left at most, so that the last items are taken one by one and all end together.
    const int64_t count = std::min(most, (end - first + 1) / 2);
    if (share.compare_exchange_weak(left, left + static_cast<uint64_t>(count), std::memory_order_acq_rel)) {
      return {first, count};
    }
  }
}

Teammate::Stretch Teammate::take(int64_t most) {
  for (int tried = 0; tried < size_; tried++) {
    const Stretch stretch = take_from(victim_, most);
    if (stretch.count > 0) {
      return stretch;
    }

    victim_ = (victim_ + 1) % size_;
  }

  return {0, 0};
}

void Teammate::ask_later(const void* from, int64_t bytes) { later_ = {static_cast<const char*>(from), bytes}; }

/// The threads of the process that help; they live as long as it does.
class Team {
 public:
  static Team& of_process() {
    static Team* const team = new Team();  // never destroyed: its threads sleep at exit
    return *team;
  }

  void run(void (*body)(void*, Teammate&), void* context) {
    const int size = std::max(1, at::get_num_threads());
    std::unique_lock<std::mutex> alone(busy_, std::try_to_lock);
    if (size == 1 || !alone.owns_lock()) {
      Teammate::Shared own;
      own.shares = std::vector<Teammate::Shared::Share>(1);
      Teammate self;
      self.shared_ = &own;
      body(context, self);
      return;
    }

    grow(size);
    body_ = body;
    context_ = context;
    mode_ = arithmetic_mode();
    working_.store(size - 1, std::memory_order_relaxed);
    {
      std::lock_guard<std::mutex> lock(sleep_);
      step_.store({step_.load().number + 1, size}, std::memory_order_release);
    }

    wake_.notify_all();
    take_part(0, size);
    wait_until([&] { return working_.load(std::memory_order_acquire) == 0; });
  }

 private:
  /// Number and size in one word: a thread that wakes late must not take the size of one step for another's.
  struct Step {
    uint32_t number;
    int32_t size;
  };

  void grow(int size) {
    if (static_cast<int>(shared_.shares.size()) < size) {
      shared_.shares = std::vector<Teammate::Shared::Share>(size);
    }

    while (static_cast<int>(threads_.size()) < size - 1) {
      const int index = static_cast<int>(threads_.size()) + 1;
      threads_.emplace_back([this, index, seen = step_.load().number] { work(index, seen); });
    }
  }

  Teammate take_part(int index, int size) {
    Teammate self;
    self.shared_ = &shared_;
    self.index_ = index;
    self.size_ = size;
    body_(context_, self);
    return self;
  }

  void work(int index, uint32_t seen) {
    const auto is_next = [&] { return step_.load(std::memory_order_acquire).number != seen; };
    while (true) {
      for (int spins = 0; spins < kRestSpins && !is_next(); spins++) {
        pause_a_little();
      }

      if (!is_next()) {
        std::unique_lock<std::mutex> lock(sleep_);
        wake_.wait(lock, is_next);
      }

      const Step step = step_.load(std::memory_order_acquire);
      seen = step.number;
      if (index < step.size) {
        set_arithmetic_mode(mode_);
        const Teammate::Memory later = take_part(index, step.size).later_;
        working_.fetch_sub(1, std::memory_order_acq_rel);
        // The helpers take lines in turn, so that together they go through all of it in order.
        for (int64_t at = (index - 1) * kLine; at < later.bytes && !is_next(); at += (step.size - 1) * kLine) {
          __builtin_prefetch(later.from + at, 0, 2);
        }
      }
    }
  }

  std::mutex busy_;
  std::mutex sleep_;
  std::condition_variable wake_;
  std::vector<std::thread> threads_;
  Teammate::Shared shared_;
  void (*body_)(void*, Teammate&) = nullptr;
  void* context_ = nullptr;
  unsigned mode_ = 0;
  alignas(64) std::atomic<Step> step_{Step{0, 1}};
  alignas(64) std::atomic<int> working_{0};
};

void run_team(void (*body)(void*, Teammate&), void* context) { Team::of_process().run(body, context); }

}  // namespace hone
