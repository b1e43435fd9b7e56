using FaceLandmark.Benchmarks;

// Speed and memory of the node are measured by the verb `bench` of the program itself.
switch (args)
{
    case ["steadiness"]:
        return Steadiness.Run();
    case ["serving"]:
        return await ServingCost.RunAsync();
    default:
        Console.Error.WriteLine(
            "Say what to measure: steadiness (jitter and lag of the points) or serving (what servers add, and what the wire takes). "
                + "Speed and memory: ./run.sh bench."
        );
        return 2;
}
