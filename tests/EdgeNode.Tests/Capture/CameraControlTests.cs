using FaceLandmark.Capture;

namespace FaceLandmark.Tests.Capture;

public sealed class CameraControlTests : CameraWorkerTest
{
    [Fact]
    public async Task A_stopped_camera_says_so_and_goes_on_counting_when_it_is_started()
    {
        var camera = new CameraControl(Worker(new ScriptedFactory(() => new ScriptedSource(2, ScriptedSource.Wait))));
        var run = camera.RunAsync(Stop.Token);
        await Sink.UntilAsync(2);
        Assert.True(camera.Stop());
        await UntilAsync(CameraCondition.Stopped);
        Assert.True(camera.Start());
        await Sink.UntilAsync(3);
        Assert.Equal(CameraCondition.Streaming, camera.Status.Condition);
        await StopAsync(run);
    }

    [Fact]
    public async Task A_camera_that_is_opened_again_gets_a_new_source()
    {
        var factory = new ScriptedFactory(() => new ScriptedSource(1, ScriptedSource.Wait));
        var camera = new CameraControl(Worker(factory));
        var run = camera.RunAsync(Stop.Token);
        await Sink.UntilAsync(1);
        Assert.True(camera.Reopen());
        await Sink.UntilAsync(2);
        Assert.Equal(2, factory.Count);
        await StopAsync(run);
    }

    [Fact]
    public async Task A_stopped_camera_ends_with_the_node()
    {
        var camera = new CameraControl(Worker(new ScriptedFactory(() => new ScriptedSource(1, ScriptedSource.Wait))));
        var run = camera.RunAsync(Stop.Token);
        await Sink.UntilAsync(1);
        camera.Stop();
        await UntilAsync(CameraCondition.Stopped);
        await StopAsync(run);
        Assert.False(camera.Start());
    }

    [Fact]
    public async Task A_file_that_has_ended_can_not_be_started()
    {
        var camera = new CameraControl(Worker(new ScriptedFactory(() => new ScriptedSource(1, ScriptedSource.End, isLive: false))));
        await camera.RunAsync(Stop.Token).WaitAsync(Test);
        Assert.False(camera.Start());
        Assert.False(camera.Stop());
        Assert.False(camera.Reopen());
    }
}
