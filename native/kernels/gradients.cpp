#include "gradients.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/graph_task.h>
#include <torch/library.h>

#include <mutex>
#include <unordered_map>

namespace hone {

using at::Tensor;

namespace {

// Where a leaf's gradient lies while it has memory that stays.
struct Place {
  c10::weak_intrusive_ptr<c10::TensorImpl> leaf;  // so that its address is not another leaf's meanwhile
  Tensor memory;
};

struct Places {
  std::mutex mutex;
  std::unordered_map<const c10::TensorImpl*, Place> of;
};

// Never destroyed: tensors may outlive every other static object. Ranks that are threads of one process share it.
Places& places() {
  static Places& all = *new Places;
  return all;
}

void keep_gradients(at::TensorList leaves, at::TensorList memory) {
  TORCH_CHECK(leaves.size() == memory.size(), "hone::keep_gradients: each of ", leaves.size(),
              " leaves must have a place, got ", memory.size());
  const std::lock_guard<std::mutex> lock(places().mutex);
  for (size_t i = 0; i < leaves.size(); i++) {
    TORCH_CHECK(leaves[i].is_leaf() && leaves[i].scalar_type() == at::kFloat && memory[i].is_contiguous() &&
                    memory[i].scalar_type() == at::kFloat && memory[i].sizes() == leaves[i].sizes(),
                "hone::keep_gradients: leaf ", i, " and its place must be float32 ", leaves[i].sizes(), ", got ",
                leaves[i].scalar_type(), " and ", memory[i].scalar_type(), " ", memory[i].sizes());
    const Place place{c10::weak_intrusive_ptr<c10::TensorImpl>(leaves[i].getIntrusivePtr()), memory[i]};
    places().of.insert_or_assign(leaves[i].unsafeGetTensorImpl(), place);
  }
}

Tensor collect_gradients(at::TensorList leaves) {
  at::NoGradGuard once;
  const Tensor present = at::zeros({static_cast<int64_t>(leaves.size())}, at::kByte);
  for (size_t i = 0; i < leaves.size(); i++) {
    const Tensor place = place_of(leaves[i]);
    TORCH_CHECK(place.defined(), "hone::collect_gradients: leaf ", i, " must have a place");
    Tensor& gradient = leaves[i].mutable_grad();
    if (!gradient.defined()) {
      place.zero_();
      continue;
    }

    data<uint8_t>(present)[i] = 1;
    if (gradient.data_ptr() != place.data_ptr()) {
      gradient = place.copy_(gradient);
    }
  }

  return present;
}

void release_gradients(at::TensorList leaves) {
  const std::lock_guard<std::mutex> lock(places().mutex);
  for (const Tensor& leaf : leaves) {
    places().of.erase(leaf.unsafeGetTensorImpl());
  }
}

}  // namespace

Tensor place_of(const Tensor& leaf) {
  const std::lock_guard<std::mutex> lock(places().mutex);
  const auto found = places().of.find(leaf.unsafeGetTensorImpl());
  return found == places().of.end() ? Tensor() : found->second.memory;
}

bool ends_in_leaves() {
  const auto* const wanted = torch::autograd::get_current_graph_task_exec_info();
  return wanted == nullptr || wanted->empty();
}

// sum += x, both contiguous.
static void accumulate(const Tensor& sum, const Tensor& x) {
  if (!is_fused(sum) || sum.scalar_type() != at::kFloat || !is_fused(x)) {
    Tensor(sum).add_(x.to(sum.scalar_type()));
    return;
  }

  constexpr int64_t grain = 1 << 15;
  with_type_of(x, [&](auto type) {
    using T = decltype(type);
    at::parallel_for(0, sum.numel(), grain, [&](int64_t begin, int64_t end) {
      kernels<T>().accumulate(data<float>(sum) + begin, data<T>(x) + begin, end - begin);
    });
  });
}

static Tensor& wide_gradient(const Tensor& leaf) {
  Tensor& sum = leaf.mutable_grad();
  if (sum.scalar_type() == at::kBFloat16 && leaf.scalar_type() != at::kBFloat16) {
    sum = sum.to(leaf.scalar_type());
  }

  return sum;
}

void add_gradient(const Tensor& leaf, const Tensor& gradient) {
  TORCH_CHECK(gradient.sizes() == leaf.sizes(), "a gradient must have the shape of its weights, ", leaf.sizes(),
              ", got ", gradient.sizes());
  at::NoGradGuard once;
  if (!leaf.mutable_grad().defined()) {
    const Tensor place = place_of(leaf);
    leaf.mutable_grad() = place.defined() ? place.copy_(gradient) : gradient.contiguous();
    return;
  }

  accumulate(wide_gradient(leaf), gradient.contiguous());
}

void add_product_gradient(const Tensor& leaf, const Tensor& left, const Tensor& right) {
  TORCH_CHECK(leaf.dim() == 2 && left.dim() == 2 && right.dim() == 2 && leaf.size(0) == left.size(0) &&
                  leaf.size(1) == right.size(1) && left.scalar_type() == right.scalar_type(),
              "hone::add_product_gradient: the product must have the shape of the weights, ", leaf.sizes(), ", got ",
              left.sizes(), " · ", right.sizes());
  at::NoGradGuard once;
  Tensor place = place_of(leaf);
  const bool first = !leaf.mutable_grad().defined();
  if (first && place.defined() && left.scalar_type() == at::kFloat) {
    at::mm_out(place, left, right);
    leaf.mutable_grad() = place;
    return;
  }

  if (first && !place.defined()) {
    leaf.mutable_grad() = at::mm(left, right);
    return;
  }

  // Some rows at a time, so that they are still in a cache when they are added.
  constexpr int64_t bytes_at_once = 8 << 20;
  const int64_t row_bytes = leaf.size(1) * static_cast<int64_t>(left.element_size());
  const int64_t rows = std::max<int64_t>(64, bytes_at_once / std::max<int64_t>(1, row_bytes));
  const Tensor sum = first ? place : wide_gradient(leaf);
  Tensor part = at::empty({std::min(rows, leaf.size(0)), leaf.size(1)}, left.options());
  for (int64_t at = 0; at < leaf.size(0); at += rows) {
    const int64_t count = std::min(rows, leaf.size(0) - at);
    Tensor product = part.narrow(0, 0, count);
    at::mm_out(product, left.narrow(0, at, count), right);
    if (first) {
      sum.narrow(0, at, count).copy_(product);
    } else {
      accumulate(sum.narrow(0, at, count), product);
    }
  }

  leaf.mutable_grad() = sum;
}

void add_gradient_rows(const Tensor& leaf, const Tensor& rows, const Tensor& gradient) {
  at::NoGradGuard once;
  if (!leaf.mutable_grad().defined()) {
    Tensor place = place_of(leaf);
    leaf.mutable_grad() =
        place.defined() ? place.zero_() : at::zeros(leaf.sizes(), leaf.options().requires_grad(false));
  }

  Tensor& sum = wide_gradient(leaf);
  sum.index_add_(0, rows, gradient.to(sum.scalar_type()));
}

namespace {

// What products run on in place of the weights themselves: their copy in another dtype, or several matrices one below
// the other. The copy is kept in step with the weights by whoever changes them, and only its gradient is their matter.
struct ComputeCopy : torch::autograd::Function<ComputeCopy> {
  static Tensor forward(torch::autograd::AutogradContext* context, at::TensorList weights, const Tensor& copy) {
    context->save_for_backward(torch::autograd::variable_list(weights.begin(), weights.end()));
    return copy;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto weights = context->get_saved_variables();
    torch::autograd::variable_list given(weights.size() + 1);
    const bool direct = ends_in_leaves();
    int64_t row = 0;
    for (size_t i = 0; i < weights.size(); i++) {
      const Tensor& weight = weights[i];
      const int64_t count = weight.size(0);
      if (weight.requires_grad()) {
        const Tensor part = weights.size() == 1 ? gradients[0] : gradients[0].narrow(0, row, count);
        if (direct && weight.is_leaf()) {
          add_gradient(weight, part);
        } else {
          given[i] = part.to(weight.scalar_type());
        }
      }

      row += count;
    }

    return given;
  }
};

Tensor compute_copy(at::TensorList weights, const Tensor& copy) {
  int64_t rows = 0;
  for (const Tensor& weight : weights) {
    TORCH_CHECK(weight.dim() > 0 && weight.sizes().slice(1) == copy.sizes().slice(1),
                "hone::compute_copy: weights must have rows like those of their copy, ", copy.sizes(), ", got ",
                weight.sizes());
    rows += weight.size(0);
  }

  TORCH_CHECK(rows == copy.size(0), "hone::compute_copy: the copy must have the ", rows, " rows of its weights, got ",
              copy.size(0));
  return ComputeCopy::apply(weights, copy);
}

struct EmbeddingRows : torch::autograd::Function<EmbeddingRows> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& weight, const Tensor& ids,
                        int64_t dtype) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({weight, ids});
    return weight.index_select(0, ids).to(static_cast<at::ScalarType>(dtype));
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor &weight = saved[0], &ids = saved[1];
    if (ends_in_leaves() && weight.is_leaf()) {
      add_gradient_rows(weight, ids, gradients[0]);
      return {Tensor(), Tensor(), Tensor()};
    }

    const Tensor rows = gradients[0].to(weight.scalar_type());
    return {at::zeros(weight.sizes(), weight.options()).index_add_(0, ids, rows), Tensor(), Tensor()};
  }
};

Tensor embedding(const Tensor& weight, const Tensor& ids, at::ScalarType dtype) {
  TORCH_CHECK(weight.dim() == 2 && ids.dim() == 1 && ids.scalar_type() == at::kLong,
              "hone::embedding: weight must be [vocab, hidden] and ids int64 [token], got ", weight.sizes(), " and ",
              ids.scalar_type(), " ", ids.sizes());
  return EmbeddingRows::apply(weight, ids, static_cast<int64_t>(dtype));
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def("compute_copy(Tensor[] weights, Tensor copy) -> Tensor", compute_copy);
  library.def("embedding(Tensor weight, Tensor ids, ScalarType dtype) -> Tensor", embedding);
  library.def("add_gradient(Tensor leaf, Tensor gradient) -> ()", add_gradient);
  library.def("add_product_gradient(Tensor leaf, Tensor left, Tensor right) -> ()", add_product_gradient);
  library.def("keep_gradients(Tensor[] leaves, Tensor[] memory) -> ()", keep_gradients);
  library.def("collect_gradients(Tensor[] leaves) -> Tensor", collect_gradients);
  library.def("release_gradients(Tensor[] leaves) -> ()", release_gradients);
}

}  // namespace hone
