using Hone.Training.Recipes.Schema;

namespace Hone.Training.Recipes;

/// <summary>The places of a recipe where one of several records is chosen by name. A new method, schedule or reward is
/// a line here.</summary>
internal static class RecipeChoices
{
    public static readonly IReadOnlyList<ChoiceTable> All =
    [
        new(typeof(MethodOptions), "method", IsBeside: true,
        [
            ("sft", typeof(SftOptions)),
            ("grpo", typeof(GrpoOptions)),
        ]),
        new(typeof(ScheduleOptions), "kind", IsBeside: false,
        [
            ("constant", typeof(ConstantScheduleOptions)),
            ("linear", typeof(LinearScheduleOptions)),
            ("cosine", typeof(CosineScheduleOptions)),
            ("wsd", typeof(WsdScheduleOptions)),
        ]),
        new(typeof(RewardOptions), "name", IsBeside: false,
        [
            ("length", typeof(LengthRewardOptions)),
            ("format", typeof(FormatRewardOptions)),
            ("word_share", typeof(WordShareRewardOptions)),
            ("exact_answer", typeof(ExactAnswerRewardOptions)),
            ("contains_word", typeof(ContainsWordRewardOptions)),
        ]),
    ];
}
