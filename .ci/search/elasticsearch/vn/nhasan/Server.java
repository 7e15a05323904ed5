package vn.nhasan;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.node.ClassPathNode;
import org.elasticsearch.transport.netty4.Netty4Plugin;

/** One Elasticsearch node for the tests, on loopback, without security. Arguments: port, folder of its data. */
public final class Server {
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[1]).toAbsolutePath();
        System.setProperty("es.path.home", home.toString());
        LogConfigurator.configureESLogging();
        LogConfigurator.configureWithoutConfig(Settings.EMPTY);
        Settings settings = Settings.builder()
            .put("path.home", home.toString())
            .put("cluster.name", "nhasan-tests")
            .put("node.name", "tests")
            .put("network.host", "127.0.0.1")
            .put("http.port", arguments[0])
            .put("http.type", "netty4")
            .put("transport.type", "netty4")
            .put("transport.port", "9300-9600")
            .put("discovery.type", "single-node")
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
        Path config = Files.createDirectories(home.resolve("config"));
        ClassPathNode node = new ClassPathNode(settings, config, List.of(Netty4Plugin.class, Analysis.class, Root.class));
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (Exception error) {
                System.err.println("closing: " + error);
            }
            ended.countDown();
        }));
        node.start();
        ended.await();
    }
}
