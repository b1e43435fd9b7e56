namespace FaceLandmark.Tests.Programs;

/// <summary>The program itself, as a person or a supervisor starts it.</summary>
internal static class NodeProcess
{
    /// <summary>Starts it, without a live page unless its arguments give it a port.</summary>
    public static RunningProgram Start(params string[] arguments) => Start([], arguments);

    /// <summary>Starts it with variables of the environment.</summary>
    public static RunningProgram Start((string Name, string Value)[] variables, params string[] arguments) =>
        RunningProgram.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "EdgeNode.dll"), .. arguments],
            null,
            [("Web__Port", "0"), .. variables]
        );

    /// <summary>Starts it and waits for its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var node = Start(arguments);
        return await node.EndAsync();
    }

    /// <summary>Waits until its camera is open.</summary>
    public static Task WaitForCameraAsync(this RunningProgram node) => node.SaysAsync(" is open: ");
}
