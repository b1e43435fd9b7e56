using System.Text.RegularExpressions;
using FaceLandmark.Serving;
using k8s;
using k8s.Models;

namespace FaceLandmark.Tests.Docs;

/// <summary>The files by which inference servers are deployed, held against Kubernetes' own types and against the program.</summary>
public sealed partial class ServingManifestTests
{
    private static readonly List<object> s_cluster = KubernetesYaml.LoadAllFromString(
        Repository.Read("deploy/serving/kubernetes.yaml"),
        strict: true
    );

    private static V1PodSpec Pod => s_cluster.OfType<V1Deployment>().Single().Spec.Template.Spec;

    [Fact]
    public void Kubernetes_knows_every_field_and_the_parts_find_each_other()
    {
        var deployment = s_cluster.OfType<V1Deployment>().Single();
        var service = s_cluster.OfType<V1Service>().Single();
        var scaler = s_cluster.OfType<V2HorizontalPodAutoscaler>().Single();
        Assert.Equal(3, s_cluster.Count);
        Assert.Equal(deployment.Spec.Selector.MatchLabels, deployment.Spec.Template.Metadata.Labels);
        Assert.Equal(deployment.Spec.Selector.MatchLabels, service.Spec.Selector);
        Assert.Equal(
            (deployment.ApiVersion, deployment.Kind, deployment.Metadata.Name),
            (scaler.Spec.ScaleTargetRef.ApiVersion, scaler.Spec.ScaleTargetRef.Kind, scaler.Spec.ScaleTargetRef.Name)
        );
        var volumes = Pod.Volumes.Select(volume => volume.Name);
        Assert.All(Pod.Containers.Single().VolumeMounts, mount => Assert.Contains(mount.Name, volumes));
    }

    [Fact]
    public void A_misspelt_field_would_be_found() =>
        Assert.ThrowsAny<Exception>(() =>
            KubernetesYaml.LoadAllFromString(
                Repository.Read("deploy/serving/kubernetes.yaml").Replace("readinessProbe", "readynessProbe", StringComparison.Ordinal),
                strict: true
            )
        );

    [Fact]
    public void Ports_and_probes_are_those_of_the_program()
    {
        var serve = Pod.Containers.Single();
        var options = new ServeOptions();
        Assert.Equal([("rest", options.HttpPort), ("grpc", options.GrpcPort)], serve.Ports.Select(port => (port.Name, port.ContainerPort)));
        Assert.Equal(
            serve.Ports.Select(port => (port.Name, port.ContainerPort)),
            s_cluster.OfType<V1Service>().Single().Spec.Ports.Select(port => (port.Name, port.Port))
        );
        Assert.Equal("/v2/health/ready", serve.ReadinessProbe.HttpGet.Path);
        Assert.Equal("/v2/health/live", serve.LivenessProbe.HttpGet.Path);
        Assert.Equal("/v2/health/live", serve.StartupProbe.HttpGet.Path);
    }

    [Fact]
    public void A_pod_that_ends_has_the_time_that_its_settings_take()
    {
        var serve = Pod.Containers.Single();
        var drain = serve.Env.Single(one => one.Name == "Node__DrainFor").Value;
        var pause = int.Parse(serve.Lifecycle.PreStop.Exec.Command[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(
            Pod.TerminationGracePeriodSeconds
                > pause + int.Parse(drain.TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture)
        );
    }

    [Theory]
    [InlineData("deploy/serving/kubernetes.yaml")]
    [InlineData("deploy/serving/compose.yaml")]
    [InlineData("deploy/compose.yaml")]
    public void Every_setting_of_an_environment_is_one_of_the_program(string file)
    {
        var table = Repository.Read("docs/configuration.md");
        var settings = Setting().Matches(Repository.Read(file)).Select(match => match.Value.Replace("__", ":", StringComparison.Ordinal));
        Assert.NotEmpty(settings);
        Assert.All(settings, setting => Assert.Contains($"`{setting}`", table, StringComparison.Ordinal));
    }

    [Fact]
    public void The_cluster_scales_by_a_figure_that_a_server_has()
    {
        var metric = s_cluster.OfType<V2HorizontalPodAutoscaler>().Single().Spec.Metrics.Single().Pods.Metric.Name;
        Assert.Contains($"\"{metric}\"", Repository.Read("src/EdgeNode/Serving/ServeFigures.cs"), StringComparison.Ordinal);
    }

    [GeneratedRegex("""\b[A-Z][A-Za-z]+__[A-Za-z_]+""")]
    private static partial Regex Setting();
}
