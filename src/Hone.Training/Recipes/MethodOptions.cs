namespace Hone.Training.Recipes;

/// <summary>The options of a way to train.</summary>
public abstract record MethodOptions
{
    private protected MethodOptions()
    {
    }
}
