using Hone.Rewards;
using Hone.Text;
using Hone.Training.Ranks;

namespace Hone.Training.Methods;

/// <summary>Judges a step's answers by the recipe's rewards; the ranks divide the answers.</summary>
internal sealed class AnswerJudge(RewardRunner runner, Tokenizer tokenizer, RankTeam team)
{
    /// <summary>Judges all answers.</summary>
    /// <exception cref="TrainingException">A reward could not judge an answer: training on a made-up score would be
    /// worse than to stop.</exception>
    public JudgedRollouts Judge(IReadOnlyList<Rollout> rollouts, CancellationToken cancel)
    {
        var inputs = rollouts.Select(rollout => new RewardInput(
            tokenizer.Decode(rollout.PromptTokens, skipSpecialTokens: true), rollout.Text, rollout.Completion.Tokens,
            rollout.Row.Columns));
        RewardInput[] answers = [.. inputs];
        var outcomes = team.Divide(
            WorkShares.Contiguous(answers.Length, team.Count),
            share => runner.Score([.. share.Select(i => answers[i])], cancel),
            RankCodec.Write,
            RankCodec.ReadOutcomes,
            cancel);
        foreach (var (outcome, rollout) in outcomes.Zip(rollouts))
        {
            if (outcome.OfType<RewardOutcome.Failed>().FirstOrDefault() is { } failed)
            {
                throw new TrainingException(
                    $"{rollout.Row.At}: each reward must judge each answer or say that it does not apply; "
                        + $"{failed.Reason}");
            }
        }

        return new JudgedRollouts(rollouts, runner.Rewards, outcomes);
    }
}
