namespace Hone.Training.Recipes;

/// <summary>Marks text of a recipe that names a file or a folder, so that <c>${recipe}</c> and <c>${HONE_FIXTURES}</c>
/// are expanded in it. Options called <c>path</c> need no mark.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FilePathAttribute : Attribute;
