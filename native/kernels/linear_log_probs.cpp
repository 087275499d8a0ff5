// Log-probability and entropy of target tokens straight from hidden states: the logits of a chunk of tokens exist at a
// time, never [token, vocab]; backward makes them again. Memory falls as in arXiv:2411.09009, the products stay whole.
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "logit_rows.h"
#include "matrix_product.h"

namespace hone {
namespace {

using at::Tensor;

void check(const Tensor& hidden, const Tensor& weight, const Tensor& targets, const OptionalTensor& bias,
           const LogitOptions& options) {
  TORCH_CHECK(hidden.dim() == 2 && weight.dim() == 2 && hidden.size(1) == weight.size(1),
              "hone::linear_log_probs: hidden must be [token, hidden] and weight [vocab, hidden], got ", hidden.sizes(),
              " and ", weight.sizes());
  TORCH_CHECK(hidden.scalar_type() == weight.scalar_type(),
              "hone::linear_log_probs: hidden and weight must have one dtype, got ", hidden.scalar_type(), " and ",
              weight.scalar_type());
  TORCH_CHECK(targets.dim() == 1 && targets.size(0) == hidden.size(0) && targets.scalar_type() == at::kLong,
              "hone::linear_log_probs: targets must be int64 [token = ", hidden.size(0), "], got ",
              targets.scalar_type(), " ", targets.sizes());
  TORCH_CHECK(!bias.has_value() || (bias->dim() == 1 && bias->size(0) == weight.size(0)),
              "hone::linear_log_probs: bias must be [vocab = ", weight.size(0), "], got ", bias->sizes());
  TORCH_CHECK(options.temperature > 0, "hone::linear_log_probs: temperature must be above 0, got ",
              options.temperature);
  TORCH_CHECK(options.softcap >= 0, "hone::linear_log_probs: softcap must not be below 0, got ", options.softcap);
  TORCH_CHECK(targets.numel() == 0 || targets.max().item<int64_t>() < weight.size(0),
              "hone::linear_log_probs: every target must be below vocab = ", weight.size(0), ", got ",
              targets.max().item<int64_t>());
}

/// The tokens that have a target, gathered; index is undefined when all have.
struct Kept {
  Tensor index;
  Tensor hidden;
  Tensor targets;
};

Kept keep(const Tensor& hidden, const Tensor& targets) {
  const Tensor index = at::nonzero(targets >= 0).squeeze(1);
  if (index.size(0) == targets.size(0)) {
    return {Tensor(), hidden.contiguous(), targets.contiguous()};
  }

  return {index, hidden.index_select(0, index), targets.index_select(0, index)};
}

Tensor spread(const Tensor& rows, const Tensor& index, int64_t tokens, double other) {
  if (!index.defined()) {
    return rows;
  }

  auto sizes = rows.sizes().vec();
  sizes[0] = tokens;
  return at::full(sizes, other, rows.options()).index_copy_(0, index, rows);
}

/// Tokens whose logits exist at once: enough for the products to run at full speed, and at most 64 MiB of floats
/// (more than that only where the vocabulary alone forces it).
int64_t chunk_of(int64_t vocab) {
  return std::clamp<int64_t>((int64_t{1} << 24) / std::max<int64_t>(1, vocab), 64, 1024);
}

/// Calls body(first, hidden [chunk, hidden], products [chunk, vocab]) chunk by chunk.
template <class Body>
void for_each_chunk(const Tensor& hidden, const Tensor& weight, const Body& body) {
  const int64_t tokens = hidden.size(0), chunk = std::min(chunk_of(weight.size(0)), tokens);
  Tensor products = at::empty({chunk, weight.size(0)}, hidden.options());
  for (int64_t first = 0; first < tokens; first += chunk) {
    const int64_t count = std::min(chunk, tokens - first);
    const Tensor rows = hidden.narrow(0, first, count);
    Tensor here = products.narrow(0, 0, count);
    matrix_product_into(here, rows, weight.t());
    body(first, rows, here);
  }
}

LogitRows forward(const Kept& kept, const Tensor& weight, const Tensor& bias, const LogitOptions& options) {
  LogitRows rows(kept.targets.size(0), kept.hidden.options());
  for_each_chunk(kept.hidden, weight, [&](int64_t first, const Tensor& hidden, const Tensor& products) {
    read_rows(products, kept.targets.narrow(0, first, hidden.size(0)), bias, options,
              rows.narrow(first, hidden.size(0)));
  });
  return rows;
}

std::vector<Tensor> outputs_of(const LogitRows& rows, const Kept& kept, int64_t tokens) {
  return {spread(rows.log_probs, kept.index, tokens, 0), spread(rows.entropy, kept.index, tokens, 0),
          spread(rows.log_sum_square, kept.index, tokens, 0), spread(rows.mean, kept.index, tokens, 0),
          spread(rows.top, kept.index, tokens, -1)};
}

/// Gradients of hidden, weight and bias; those not wanted stay undefined.
struct Gradients {
  Tensor hidden;
  Tensor weight;
  Tensor bias;
};

// bfloat16 products are added up in float: rounding each partial sum to eight bits would lose the small ones.
void add_product(Tensor& sum, const Tensor& a, const Tensor& b) {
  if (sum.scalar_type() == a.scalar_type()) {
    sum.addmm_(a, b);
  } else {
    sum.add_(at::mm(a, b));
  }
}

Gradients backward(const Kept& kept, const Tensor& weight, const Tensor& bias, const LogitOptions& options,
                   const LogitRows& rows, const RowGradients& incoming, const std::array<bool, 3>& wanted) {
  const auto sums = weight.options().dtype(weight.scalar_type() == at::kDouble ? at::kDouble : at::kFloat);
  Gradients gradients;
  gradients.hidden = wanted[0] ? at::empty_like(kept.hidden) : Tensor();
  gradients.weight = wanted[1] ? at::zeros(weight.sizes(), sums) : Tensor();
  gradients.bias = wanted[2] ? at::zeros({weight.size(0)}, sums) : Tensor();
  for_each_chunk(kept.hidden, weight, [&](int64_t first, const Tensor& hidden, const Tensor& products) {
    const int64_t count = hidden.size(0);
    const Tensor slopes = row_gradients(products, kept.targets.narrow(0, first, count), bias, options,
                                        rows.narrow(first, count), incoming.narrow(first, count));
    if (wanted[0]) {
      matrix_product_into(gradients.hidden.narrow(0, first, count), slopes, weight);
    }

    if (wanted[1]) {
      add_product(gradients.weight, slopes.t(), hidden);
    }

    if (wanted[2]) {
      gradients.bias.add_(slopes.sum(0, false, sums.dtype().toScalarType()));
    }
  });
  return gradients;
}

struct LinearLogProbs : torch::autograd::Function<LinearLogProbs> {
  static torch::autograd::variable_list forward(torch::autograd::AutogradContext* context, const Tensor& hidden,
                                                const Tensor& weight, const Tensor& targets,
                                                const OptionalTensor& given_bias, double scale, double softcap,
                                                double temperature) {
    at::AutoDispatchBelowADInplaceOrView below;
    const Tensor bias = given_bias.has_value() ? *given_bias : Tensor();
    const LogitOptions options{scale, softcap, temperature};
    const Kept kept = keep(hidden, targets);
    const LogitRows rows = hone::forward(kept, weight, bias, options);
    context->save_for_backward(
        {kept.index, kept.hidden, kept.targets, weight, bias, rows.largest, rows.log_sum, rows.entropy});
    context->saved_data["tokens"] = hidden.size(0);
    context->saved_data["options"] = std::vector<double>{scale, softcap, temperature};
    context->set_materialize_grads(false);
    auto outputs = outputs_of(rows, kept, hidden.size(0));
    context->mark_non_differentiable({outputs[2], outputs[3], outputs[4]});
    return outputs;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    at::NoGradGuard once;
    const auto saved = context->get_saved_variables();
    const auto options = context->saved_data["options"].toDoubleVector();
    const int64_t tokens = context->saved_data["tokens"].toInt();
    const Kept kept{saved[0], saved[1], saved[2]};
    const Tensor &weight = saved[3], &bias = saved[4];
    LogitRows rows;
    rows.largest = saved[5];
    rows.log_sum = saved[6];
    rows.entropy = saved[7];

    const RowGradients incoming(gradients[0], gradients[1], kept.index, rows.entropy);
    const bool bias_wanted = bias.defined() && context->needs_input_grad(3);
    auto [hidden_gradient, weight_gradient, bias_gradient] =
        hone::backward(kept, weight, bias, {options[0], options[1], options[2]}, rows, incoming,
                       {context->needs_input_grad(0), context->needs_input_grad(1), bias_wanted});
    return {hidden_gradient.defined() ? spread(hidden_gradient, kept.index, tokens, 0) : Tensor(),
            weight_gradient.defined() ? weight_gradient.to(weight.scalar_type()) : Tensor(),
            Tensor(),
            bias_gradient.defined() ? bias_gradient.to(bias.scalar_type()) : Tensor(),
            Tensor(),
            Tensor(),
            Tensor()};
  }
};

using Outputs = std::tuple<Tensor, Tensor, Tensor, Tensor, Tensor>;

Outputs linear_log_probs(const Tensor& hidden, const Tensor& weight, const Tensor& targets, double temperature,
                         double scale, double softcap, const OptionalTensor& bias) {
  const LogitOptions options{scale, softcap, temperature};
  check(hidden, weight, targets, bias, options);
  const Tensor offset = bias.has_value() ? *bias : Tensor();
  std::vector<Tensor> outputs;
  if (needs_gradient(hidden, weight) || (offset.defined() && needs_gradient(offset))) {
    outputs = LinearLogProbs::apply(hidden, weight, targets, bias, scale, softcap, temperature);
  } else {
    at::AutoDispatchBelowADInplaceOrView below;
    const Kept kept = keep(hidden, targets);
    outputs = outputs_of(forward(kept, weight, offset, options), kept, hidden.size(0));
  }

  return {outputs[0], outputs[1], outputs[2], outputs[3], outputs[4]};
}

Outputs composite(const Tensor& hidden, const Tensor& weight, const Tensor& targets, double temperature, double scale,
                  double softcap, const OptionalTensor& bias) {
  const LogitOptions options{scale, softcap, temperature};
  check(hidden, weight, targets, bias, options);
  const Tensor z = logits_of(at::linear(hidden, weight), bias.has_value() ? *bias : Tensor(), options);
  const Tensor log_p = at::log_softmax(z, -1), p = log_p.exp(), trained = targets >= 0;
  const Tensor log_probs = log_p.gather(1, targets.clamp_min(0).unsqueeze(1)).squeeze(1);
  const Tensor entropy = -(p * log_p).sum(-1);
  const Tensor log_sum_square = at::logsumexp(2 * log_p, -1).detach(), mean = z.mean(-1).detach();
  return {log_probs.masked_fill(~trained, 0), entropy.masked_fill(~trained, 0), log_sum_square.masked_fill(~trained, 0),
          mean.masked_fill(~trained, 0), z.argmax(-1).masked_fill(~trained, -1)};
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def(
      "linear_log_probs(Tensor hidden, Tensor weight, Tensor targets, float temperature=1., "
      "float scale=1., float softcap=0., Tensor? bias=None) -> "
      "(Tensor log_probs, Tensor entropy, Tensor log_sum_square, Tensor mean_logit, Tensor top)");
  library.def(
      "linear_log_probs.composite(Tensor hidden, Tensor weight, Tensor targets, float temperature=1., "
      "float scale=1., float softcap=0., Tensor? bias=None) -> "
      "(Tensor log_probs, Tensor entropy, Tensor log_sum_square, Tensor mean_logit, Tensor top)");
}

TORCH_LIBRARY_IMPL(hone, CompositeImplicitAutograd, library) {
  library.impl("linear_log_probs", linear_log_probs);
  library.impl("linear_log_probs.composite", composite);
}

}  // namespace hone
