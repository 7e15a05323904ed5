package org.elasticsearch.plugins;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.elasticsearch.Build;
import org.elasticsearch.common.settings.Settings;

/** Loads plugins by their class; the server itself only knows folders of an installed distribution. */
public final class ClassPathPlugins extends PluginsService {
    private final List<LoadedPlugin> plugins = new ArrayList<>();

    public ClassPathPlugins(Settings settings, Path config, List<Class<? extends Plugin>> classes) {
        super(settings, config, new PluginsLoader(Set.of(), Set.of(), Map.of()));
        for (Class<? extends Plugin> plugin : classes) {
            plugins.add(new LoadedPlugin(describe(plugin, config), loadPlugin(plugin, settings, config), plugin.getClassLoader()));
        }
    }

    @Override
    protected List<LoadedPlugin> plugins() {
        return plugins;
    }

    @Override
    public <T> List<? extends T> loadServiceProviders(Class<T> service) {
        return ServiceLoader.load(service, getClass().getClassLoader()).stream().map(ServiceLoader.Provider::get).toList();
    }

    /** A descriptor can only be read from a file, so one is written. */
    private static PluginDescriptor describe(Class<?> plugin, Path config) {
        String properties = String.join("\n",
            "name=" + plugin.getSimpleName(),
            "classname=" + plugin.getName(),
            "description=from the class path",
            "version=1",
            "java.version=21",
            "elasticsearch.version=" + Build.current().version());
        try {
            Path folder = Files.createDirectories(config.resolve("plugins-of-the-class-path").resolve(plugin.getSimpleName()));
            Files.writeString(folder.resolve("plugin-descriptor.properties"), properties);
            return PluginDescriptor.readFromProperties(folder);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
