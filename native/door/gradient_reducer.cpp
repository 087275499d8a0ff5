// The gradients of a model summed over all ranks while the backward pass goes on.
#include "door/process_group.h"

#if HONE_HAS_GLOO

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>
#include <mutex>
#include <unordered_set>

namespace hone::door {
namespace {

using torch::autograd::Node;
using torch::autograd::variable_list;

// Parameters in the order in which backward reaches them, roughly that of the model from its end, fill one bucket after
// the other; a bucket is sent when it is full, after those before it. The order is fixed, so the sums are the same in
// every run. A parameter as large as a bucket is one by itself and is summed where it lies, in stretches of that size.
class GradientReducer {
 public:
  GradientReducer(Group& group, std::vector<at::Tensor> parameters, int64_t bucket_bytes)
      : group_(group), parameters_(std::move(parameters)), bucket_of_(parameters_.size()) {
    capacity_ = std::max<int64_t>(1, bucket_bytes / static_cast<int64_t>(sizeof(float)));
    present_ = at::zeros({static_cast<int64_t>(parameters_.size())}, at::kFloat);
    for (size_t i = parameters_.size(); i-- > 0;) place(i);
    for (auto& bucket : buckets_) {
      if (!bucket.is_single(capacity_)) bucket.flat = at::empty({bucket.count}, at::kFloat);
    }

    for (size_t i = 0; i < parameters_.size(); ++i) {
      auto node = torch::autograd::impl::grad_accumulator(parameters_[i]);
      TORCH_CHECK(node != nullptr, "parameter ", i, " must be a leaf that requires a gradient");
      hooks_.push_back(node->add_post_hook(std::make_unique<Hook>(*this, i)));
      nodes_.push_back(std::move(node));
    }
  }

  ~GradientReducer() {
    for (size_t i = 0; i < nodes_.size(); ++i) nodes_[i]->del_post_hook(hooks_[i]);
  }

  // The backward pass from `root` that comes now is the last one of the update: what it does not reach is complete.
  void arm(const at::Tensor& root) {
    const std::lock_guard<std::mutex> lock(mutex_);
    armed_ = true;
    const auto reached = nodes_behind(root);
    for (auto& bucket : buckets_) {
      bucket.pending = static_cast<size_t>(std::count_if(bucket.members.begin(), bucket.members.end(), [&](size_t i) {
        return reached.count(nodes_[i].get()) > 0;
      }));
    }

    send_ready();
  }

  int32_t sent() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return static_cast<int32_t>(sent_);
  }

  // Sends what no backward pass of this rank has reached, zeros where it has no gradient.
  void finish() {
    const std::lock_guard<std::mutex> lock(mutex_);
    armed_ = false;
    while (sent_ < buckets_.size()) send(buckets_[sent_++]);
    works_.push_back(start_sum(group_, present_));
  }

  // False while sums are under way. In the end every gradient is the sum, or absent where no rank had one.
  bool wait(std::chrono::milliseconds limit) {
    while (waited_ < works_.size()) {
      if (!wait_for(*works_[waited_], limit)) return false;
      ++waited_;
    }

    const at::NoGradGuard no_gradient;
    for (auto& bucket : buckets_) take(bucket);
    present_.zero_();
    works_.clear();
    sent_ = waited_ = 0;
    return true;
  }

 private:
  struct Bucket {
    std::vector<size_t> members;
    int64_t count = 0;
    size_t pending = 0;
    at::Tensor flat;

    bool is_single(int64_t capacity) const { return members.size() == 1 && count >= capacity; }
  };

  class Hook : public torch::autograd::FunctionPostHook {
   public:
    Hook(GradientReducer& owner, size_t parameter) : owner_(owner), parameter_(parameter) {}

    variable_list operator()(const variable_list& outputs, const variable_list&) override {
      owner_.ready(parameter_);
      return outputs;
    }

   private:
    GradientReducer& owner_;
    size_t parameter_;
  };

  void place(size_t parameter) {
    const auto count = parameters_[parameter].numel();
    const bool has_space = !buckets_.empty() && buckets_.back().count + count <= capacity_;
    if (!has_space) buckets_.emplace_back();
    bucket_of_[parameter] = buckets_.size() - 1;
    buckets_.back().members.push_back(parameter);
    buckets_.back().count += count;
  }

  void ready(size_t parameter) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!armed_) return;
    auto& bucket = buckets_[bucket_of_[parameter]];
    TORCH_CHECK(bucket.pending > 0, "gradient ", parameter,
                " was sent already: the last backward pass of an update came twice");
    --bucket.pending;
    send_ready();
  }

  void send_ready() {
    while (sent_ < buckets_.size() && buckets_[sent_].pending == 0) send(buckets_[sent_++]);
  }

  static std::unordered_set<const Node*> nodes_behind(const at::Tensor& root) {
    std::unordered_set<const Node*> found;
    std::vector<const Node*> open;
    const auto visit = [&](const Node* node) {
      if (node != nullptr && found.insert(node).second) open.push_back(node);
    };
    const auto edge = torch::autograd::impl::gradient_edge(root);
    visit(edge.function.get());
    while (!open.empty()) {
      const auto* node = open.back();
      open.pop_back();
      for (const auto& next : node->next_edges()) visit(next.function.get());
    }

    return found;
  }

  void send(Bucket& bucket) {
    const at::NoGradGuard no_gradient;
    auto* present = present_.data_ptr<float>();
    int64_t at = 0;
    for (const auto parameter : bucket.members) {
      const auto& gradient = parameters_[parameter].grad();
      const auto count = parameters_[parameter].numel();
      present[parameter] = gradient.defined() ? 1 : 0;
      if (bucket.is_single(capacity_)) {
        bucket.flat = gradient.defined() ? gradient.detach().to(at::kFloat).contiguous().view({-1})
                                         : at::zeros({count}, at::kFloat);
      } else if (gradient.defined()) {
        bucket.flat.narrow(0, at, count).copy_(gradient.detach().reshape({-1}));
      } else {
        bucket.flat.narrow(0, at, count).zero_();
      }

      at += count;
    }

    for (int64_t first = 0; first < bucket.count; first += capacity_) {
      works_.push_back(start_sum(group_, bucket.flat.narrow(0, first, std::min(capacity_, bucket.count - first))));
    }
  }

  void take(Bucket& bucket) {
    const auto* present = present_.data_ptr<float>();
    int64_t at = 0;
    for (const auto parameter : bucket.members) {
      const auto& weight = parameters_[parameter];
      weight.mutable_grad() =
          present[parameter] > 0 ? bucket.flat.narrow(0, at, weight.numel()).view(weight.sizes()) : at::Tensor();
      at += weight.numel();
    }

    if (bucket.is_single(capacity_)) bucket.flat = at::Tensor();
  }

  Group& group_;
  std::vector<at::Tensor> parameters_;
  std::vector<size_t> bucket_of_;
  std::vector<Bucket> buckets_;
  int64_t capacity_ = 0;
  at::Tensor present_;  // 1 for each parameter that has a gradient here, [parameter]
  std::vector<std::shared_ptr<Node>> nodes_;
  std::vector<uintptr_t> hooks_;
  std::vector<c10::intrusive_ptr<c10d::Work>> works_;
  size_t sent_ = 0;
  size_t waited_ = 0;
  bool armed_ = false;
  std::mutex mutex_;
};

}  // namespace
}  // namespace hone::door

using namespace hone::door;

HONE_EXPORT int hone_reducer_create(void* group, void* const* parameters, int32_t count, int64_t bucket_bytes,
                                    void** reducer) {
  return guarded([&] {
    std::vector<at::Tensor> weights;
    for (int32_t i = 0; i < count; ++i) weights.push_back(borrow(parameters[i]));
    *reducer = new GradientReducer(*static_cast<Group*>(group), std::move(weights), bucket_bytes);
  });
}

HONE_EXPORT void hone_reducer_free(void* reducer) { delete static_cast<GradientReducer*>(reducer); }

HONE_EXPORT int hone_reducer_arm(void* reducer, void* root) {
  return guarded([&] { static_cast<GradientReducer*>(reducer)->arm(view(root)); });
}

HONE_EXPORT int32_t hone_reducer_sent(void* reducer) { return static_cast<GradientReducer*>(reducer)->sent(); }

HONE_EXPORT int hone_reducer_finish(void* reducer) {
  return guarded([&] { static_cast<GradientReducer*>(reducer)->finish(); });
}

HONE_EXPORT int hone_reducer_wait(void* reducer, int64_t milliseconds, int32_t* done) {
  return guarded([&] {
    *done = static_cast<GradientReducer*>(reducer)->wait(std::chrono::milliseconds(milliseconds)) ? 1 : 0;
  });
}

#else

using namespace hone::door;

HONE_EXPORT int hone_reducer_create(void*, void* const*, int32_t, int64_t, void**) {
  return guarded([] { TORCH_CHECK(false, "this build has no process groups"); });
}
HONE_EXPORT void hone_reducer_free(void*) {}
HONE_EXPORT int hone_reducer_arm(void*, void*) { return 0; }
HONE_EXPORT int32_t hone_reducer_sent(void*) { return 0; }
HONE_EXPORT int hone_reducer_finish(void*) { return 0; }
HONE_EXPORT int hone_reducer_wait(void*, int64_t, int32_t*) { return 0; }

#endif
