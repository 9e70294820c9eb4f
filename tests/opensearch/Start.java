import java.util.Map;
import java.util.Properties;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One OpenSearch node that ends with the process whose number it is given. Settings come on the standard input. */
class Start {
    public static void main(String[] arguments) throws Exception {
        var given = new Properties();
        given.load(System.in);
        var plugins = (String) given.remove("plugins");
        var runner = new OpenSearchRunner();
        runner.onBuild((number, settings) -> {
            for (Map.Entry<Object, Object> entry : given.entrySet()) {
                var name = (String) entry.getKey();
                var value = (String) entry.getValue();
                if (value.contains(",")) {
                    settings.putList(name, value.split(","));
                } else {
                    settings.put(name, value);
                }
            }
        });
        var configs = OpenSearchRunner.newConfigs()
            .basePath(arguments[0]).numOfNode(1).clusterName(given.getProperty("cluster.name")).disableESLogger();
        runner.build(plugins == null ? configs : configs.pluginTypes(plugins));
        System.out.println("STARTED");
        var owner = ProcessHandle.of(Long.parseLong(arguments[1]));
        while (owner.isPresent() && owner.get().isAlive()) {
            Thread.sleep(1000);
        }
        Runtime.getRuntime().halt(0);
    }
}
