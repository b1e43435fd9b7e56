using System.Diagnostics;
using System.Globalization;
using FaceLandmark.Soak;

namespace FaceLandmark.Tests.Soak;

/// <summary>The disk that a soak fills.</summary>
public sealed class SmallDiskTests
{
    [Fact]
    public void It_is_full_while_the_fault_is_there_and_nothing_of_it_stays()
    {
        var faults = new FaultSwitches(TimeProvider.System);
        string folder;
        using (var disk = new SmallDisk(faults))
        {
            folder = disk.Folder;
            var file = Path.Combine(folder, "outbox");
            File.WriteAllText(file, "room");
            Assert.SkipUnless(disk.IsOwn, "Only root can mount a disk.");
            var full = new SoakFault(SoakFaultKind.DiskFull, TimeSpan.Zero, TimeSpan.FromSeconds(1), 0);
            faults.Switch(full, true);
            Assert.Throws<IOException>(() => File.WriteAllBytes(file, new byte[64 * 1024]));
            faults.Switch(full, false);
            File.WriteAllBytes(file, new byte[64 * 1024]);
        }

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task What_a_killed_soak_left_is_cleared_by_the_next_one()
    {
        using var ended = Process.Start("true");
        await ended.WaitForExitAsync(TestContext.Current.CancellationToken);
        var left = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"facelandmark-soak-{ended.Id}-left")).FullName;
        using var self = Process.GetCurrentProcess();
        var running = Directory.CreateDirectory(
            Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"facelandmark-soak-{self.Id}-runs"))
        );
        using var disk = new SmallDisk(new FaultSwitches(TimeProvider.System));
        Assert.False(Directory.Exists(left));
        Assert.True(running.Exists);
        running.Delete();
    }
}
