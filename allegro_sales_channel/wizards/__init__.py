from . import allegro_device_wizard, res_config_settings
