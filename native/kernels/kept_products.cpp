// Log-probs of a few rows whose products stay until their gradients are known: what a loss needs to see of several
// targets at once costs no second product.
#include <torch/library.h>

#include "logit_rows.h"

namespace hone {
namespace {

using at::Tensor;
using Outputs = std::tuple<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>;

void check(const char* where, const Tensor& products, const Tensor& targets) {
  TORCH_CHECK(products.dim() == 2 && products.is_contiguous() && targets.dim() == 1 &&
                  targets.size(0) == products.size(0) && targets.scalar_type() == at::kLong,
              where, ": products must be contiguous [token, vocab] and targets int64 [token], got ", products.sizes(),
              " and ", targets.scalar_type(), " ", targets.sizes());
  for (int64_t i = 0; i < targets.size(0); i++) {
    const int64_t target = data<int64_t>(targets)[i];
    TORCH_CHECK(target >= 0 && target < products.size(1), where, ": every target must be from 0 to ",
                products.size(1) - 1, ", got ", target);
  }
}

Outputs product_log_probs(const Tensor& products, const Tensor& targets, double temperature, double scale,
                          double softcap, const OptionalTensor& bias) {
  at::NoGradGuard once;
  const Tensor ids = targets.contiguous();
  check("hone::product_log_probs", products, ids);
  LogitRows rows(products.size(0), products.options());
  read_rows(products, ids, bias.has_value() ? *bias : Tensor(), {scale, softcap, temperature}, rows);
  return {rows.log_probs, rows.entropy, rows.log_sum_square, rows.mean, rows.top, rows.largest, rows.log_sum};
}

void product_slopes(Tensor products, const Tensor& targets, const Tensor& largest, const Tensor& log_sum,
                    const Tensor& entropy, const OptionalTensor& log_prob_gradient,
                    const OptionalTensor& entropy_gradient, double temperature, double scale, double softcap,
                    const OptionalTensor& bias) {
  at::NoGradGuard once;
  const Tensor ids = targets.contiguous();
  check("hone::product_slopes_", products, ids);
  LogitRows rows;
  rows.largest = largest;
  rows.log_sum = log_sum;
  rows.entropy = entropy;
  const auto given = [](const OptionalTensor& x) { return x.has_value() ? *x : Tensor(); };
  const Tensor slopes =
      row_gradients(products, ids, given(bias), {scale, softcap, temperature}, rows,
                    RowGradients(given(log_prob_gradient), given(entropy_gradient), Tensor(), entropy));
  if (!slopes.is_same(products)) {
    products.copy_(slopes);
  }
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def(
      "product_log_probs(Tensor products, Tensor targets, float temperature=1., float scale=1., float softcap=0., "
      "Tensor? bias=None) -> (Tensor log_probs, Tensor entropy, Tensor log_sum_square, Tensor mean_logit, Tensor top, "
      "Tensor largest, Tensor log_sum)",
      product_log_probs);
  // Replaces products by the gradients with respect to them.
  library.def(
      "product_slopes_(Tensor(a!) products, Tensor targets, Tensor largest, Tensor log_sum, Tensor entropy, "
      "Tensor? log_prob_gradient, Tensor? entropy_gradient, float temperature=1., float scale=1., float softcap=0., "
      "Tensor? bias=None) -> ()",
      product_slopes);
}

}  // namespace hone
