using FaceLandmark.Benchmarks;

// Speed and memory of the node are measured by the verb `bench` of the program itself.
switch (args)
{
    case ["steadiness"]:
        return Steadiness.Run();
    case ["instructions"]:
        return Instructions.Run();
    case ["serving"]:
        return await ServingCost.RunAsync();
    case ["scale"]:
        return await Scale.RunAsync(1000);
    case ["scale", var nodes] when int.TryParse(nodes, out var count) && count is > 0 and <= 10_000:
        return await Scale.RunAsync(count);
    default:
        Console.Error.WriteLine(
            "Say what to measure: steadiness (jitter and lag of the points), serving (what servers add, and what the wire takes), scale "
                + "[NODES] (what a broker takes for a node) or instructions (pre-processing, under an emulator that counts). "
                + "Speed and memory: ./run.sh bench."
        );
        return 2;
}
