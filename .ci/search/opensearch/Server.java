import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One OpenSearch node for the tests, on loopback, without security. Arguments: port, folder of its data. */
public final class Server {
    public static void main(String[] arguments) throws Exception {
        OpenSearchRunner node = new OpenSearchRunner();
        node.setMaxHttpPort(-1); // any port, not only 9200 to 9299
        node.onBuild((number, settings) -> {
            settings.put("network.host", "127.0.0.1").put("http.port", arguments[0]);
            settings.put("discovery.type", "single-node");
            settings.putList("node.roles", "cluster_manager", "data", "ingest");
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false); // a full disk is not our subject
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
        node.build("-basePath", arguments[1], "-numOfNode", "1", "-clusterName", "nhasan-tests");
        while (!node.isClosed()) {
            Thread.sleep(500);
        }
    }

    private static void close(OpenSearchRunner node) {
        try {
            node.close();
        } catch (Exception error) {
            System.err.println("closing: " + error);
        }
    }
}
